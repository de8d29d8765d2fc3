"""check_readme.py README.md SOURCE: the code that the README shows is the source, to the letter."""
import pathlib
import sys

readme, source = (pathlib.Path(path).read_text() for path in sys.argv[1:3])
if f"```cpp\n{source}```" not in readme:
    sys.exit(f"{sys.argv[1]} no longer shows {sys.argv[2]}: copy it in again")
