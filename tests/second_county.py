"""The second county of the tests: made by the sample's generator, fed in as office files."""

import shutil
from pathlib import Path

import yaml

from office_files import write_office_files
from tenglong.simulate import county
from tenglong.simulate.plan import NAMES, write_plan
from tenglong.simulate.setting import read_setting
from tenglong.source.place import kit_root

HOME = Path(__file__).parent / "kaihua"
SAMPLE = kit_root() / "data" / "sample"
OWN = ("policy", "reference")
NAME, NAME_EN = "开化示例县", "Kaihua Sample County"


def make_plain(folder):
    """Make the county's bundle as the generator writes it."""
    setting = read_setting(HOME / "county.yml")
    county.make(setting).write(folder)
    write_plan(folder, setting, name=NAME, name_en=NAME_EN)
    about = yaml.safe_load((HOME / "bundle.yml").read_text(encoding="utf-8"))
    sample = yaml.safe_load((SAMPLE / "bundle.yml").read_text(encoding="utf-8"))
    text = yaml.safe_dump({**about, "tables": sample["tables"]}, allow_unicode=True)
    (folder / "bundle.yml").write_text(text, encoding="utf-8")
    _bring(OWN, folder)
    return folder


def make_office(plain, folder):
    """Write the tables of the plain bundle as offices send them, with the county's bundle.yml."""
    folder.mkdir()
    crs = yaml.safe_load((HOME / "bundle.yml").read_text(encoding="utf-8"))["crs"]
    write_office_files(plain, folder, crs)
    _bring((*OWN, "bundle.yml"), folder)
    for name in NAMES:
        shutil.copyfile(plain / name, folder / name)
    return folder


def _bring(names, folder):
    for name in names:
        bring = shutil.copytree if (HOME / name).is_dir() else shutil.copyfile
        bring(HOME / name, folder / name)
