import subprocess
import sys

if "google.colab" in sys.modules:  # nowhere else
    source = "git+https://github.com/OWNER/REPOSITORY"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", source], check=True)
