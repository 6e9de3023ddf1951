"""An ETag is the same, however a proxy has weakened it on its way."""

import pytest

from web.api.entrance.preconditions import read


@pytest.mark.parametrize(
    "written",
    [
        '"1"',
        'W/"1"',
        '"1-gzip"',
        '"1;gzip"',
        '"1--gzip"',
        '"1:br"',
        'W/"1-zstd"',
        '"7", "1"',
        ' "7" ,W/"1",',
        ', "1"',
        "*",
    ],
)
def test_it_fits(written: str) -> None:
    found = read(written)
    assert found
    assert found.fits('"1"')


@pytest.mark.parametrize("written", ['"2"', '""', '"1-"', '"1-tar"', '"11"', '"gzip"', '"-gzip"'])
def test_another_does_not(written: str) -> None:
    found = read(written)
    assert found
    assert not found.fits('"1"')


@pytest.mark.parametrize("written", ["1", "", ",", '"1', '1"', '"1" "2"', '"1", *', 'w/"1"', '"a"b"', "W/1", "**"])
def test_it_is_no_list_of_etags(written: str) -> None:
    assert read(written) is None


def test_the_desks_own_mark_is_no_coding() -> None:
    found = read('"step-3+1"')
    assert found
    assert found.fits('"step-3+1"')
    assert not found.fits('"step-3"')
