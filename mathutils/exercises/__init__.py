"""The exercises, a module for each chapter: what is judged, known mistakes, and hints.

Looking here before you have tried spoils the fun: the answers of some stand in plain sight.
"""
