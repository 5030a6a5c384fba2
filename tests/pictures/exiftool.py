"""The judge of what a file tells: exiftool knows more kinds of metadata than anybody."""

import json
import subprocess
from pathlib import Path

from tests.harness.judges import find_program

# what every file of its kind has, and a picture could not be shown without
HARMLESS = {
    "JFIF": {"JFIFVersion", "ResolutionUnit", "XResolution", "YResolution"},
    "PNG": {
        *("ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace"),
        *("Palette", "Transparency"),
    },
    "RIFF": {
        *("ImageWidth", "ImageHeight", "VP8Version", "HorizontalScale", "VerticalScale", "AlphaIsUsed", "WebP_Flags"),
        *(
            "AlphaPreprocessing",
            "AlphaFiltering",
            "AlphaCompression",
            "BackgroundColor",
            "AnimationLoopCount",
            "Duration",
            "FrameCount",
        ),
    },
    "GIF": {
        *("GIFVersion", "ImageWidth", "ImageHeight", "HasColorMap", "ColorResolutionDepth", "BitsPerPixel"),
        *("BackgroundColor", "FrameCount", "Duration", "AnimationIterations", "TransparentColor"),
    },
    "SVG": {"ImageWidth", "ImageHeight", "Xmlns", "SVGVersion", "ViewBox"},
    "File": {
        *("FileType", "FileTypeExtension", "MIMEType", "ImageWidth", "ImageHeight", "EncodingProcess"),
        *("BitsPerSample", "ColorComponents", "YCbCrSubSampling"),
    },
}
PASSED_OVER = {"System", "ExifTool", "Composite"}  # of the file on this machine, and what follows from the rest


def told(folder: Path) -> dict[str, set[str]]:
    """By file name, everything that is said beside the picture itself."""
    exiftool = find_program("exiftool", package="libimage-exiftool-perl")
    command = [exiftool, "-json", "-G1", "-a", "-u", "-r", str(folder)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return {Path(one.pop("SourceFile")).name: {tag for tag in one if _tells(tag)} for one in said}


def _tells(tag: str) -> bool:
    group, _, name = tag.partition(":")
    return (group not in PASSED_OVER and name not in HARMLESS.get(group, set())) or name in ("Warning", "Comment")
