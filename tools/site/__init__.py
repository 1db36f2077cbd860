"""Every chapter as a page that anyone can open, its pictures alive without a kernel."""
