"""How words are understood: stems, spoken forms, synonyms, spellings, joined words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from siapa.search.mending import Unit
from siapa.search.reading import MOST_WEIGHED, Alternative, Reader, Reading, Synonyms
from siapa.search.stems import Stems, sounds_like

ROOTS = "panjang terbit daftar hilang urus izin kelahiran lahir mohon keluarga bayar pinjam cari gadai"
INDEXED = {
    "ktp": 3, "ktpel": 2, "ektp": 1, "simc": 2, "sim": 4, "perpanjangan": 2, "panjang": 2, "paspor": 5,
    "pasport": 1, "akta": 4, "kelahiran": 1, "lahir": 1, "izin": 6, "praktik": 3, "hilang": 2, "urus": 1,
    "daftar": 3, "gadai": 1,
}  # fmt: skip


class Lexicon:
    """Some words, each in so many documents."""

    def count(self, term: str) -> int:
        return INDEXED.get(term, 0)

    def written(self) -> Mapping[str, int]:
        return INDEXED


@pytest.fixture
def stems(tmp_path: Path) -> Stems:
    (tmp_path / "roots.txt").write_text("# roots\n" + ROOTS.replace(" ", "\n"))
    (tmp_path / "stopwords.txt").write_text("yang\ndi\nuntuk\n")
    (tmp_path / "question_words.txt").write_text("cara\nsyarat\n")
    return Stems(tmp_path)


@pytest.fixture
def reader(stems: Stems) -> Reader:
    rows = [
        ("sk lahir", "akta kelahiran"),
        ("imb", "izin mendirikan bangunan"),
        ("pass", "paspor"),
        ("untuk hilang", "akta"),
    ]
    return Reader(Lexicon(), Synonyms.of(rows), stems, ["kendari", "urus"], names=["akta lahir", "kartu ktp"])


def understood(reader: Reader, text: str) -> Reading:
    return reader.read(reader.mend(text.split()))


def terms(reading: Reading) -> set[tuple[str, ...]]:
    return {alternative.terms for alternative in reading.alternatives}


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("perpanjangan", "panjang"),
        ("memperpanjang", "panjang"),
        ("penerbitan", "terbit"),
        ("pendaftaran", "daftar"),
        ("pemohon", "mohon"),
        ("keluarga", "keluarga"),
        ("pembayaran", "bayar"),
        ("coretax", "coretax"),
        ("ktp", "ktp"),
    ],
)
def test_affixes_are_taken_off_down_to_a_listed_root(stems: Stems, word: str, stem: str) -> None:
    assert stems.stem(word) == stem


def test_without_a_list_words_stay_whole(tmp_path: Path) -> None:
    assert Stems(tmp_path).stem("perpanjangan") == "perpanjangan"


def test_a_word_counts_as_written_and_as_its_stem(reader: Reader) -> None:
    found = understood(reader, "perpanjangan").alternatives

    assert Alternative(0, 1, ("perpanjangan",), 1.0) in found
    assert any(one.terms == ("panjang",) and one.weight < 1 for one in found)


@pytest.mark.parametrize(
    ("spoken", "root"),
    [
        ("ngurus", "urus"),
        ("ilang", "hilang"),
        ("daftarin", "daftar"),
        ("gadein", "gadai"),
        ("dihilangin", "hilang"),
    ],
)
def test_everyday_speech_is_understood(reader: Reader, spoken: str, root: str) -> None:
    reading = understood(reader, spoken)

    assert not reading.was_mended
    assert (root,) in terms(reading)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pspor", "paspor"),  # a letter missing
        ("pasporr", "paspor"),  # a letter twice
        ("paspro", "paspor"),  # two letters swapped
        ("pazpor", "paspor"),  # a wrong letter
        ("kelahirna", "kelahiran"),
        ("kendri", "kendari"),  # a place
        ("prakik", "praktik"),
    ],
)
def test_an_unknown_word_is_mended_to_the_nearest_known(reader: Reader, typed: str, meant: str) -> None:
    assert [unit.mended for unit in reader.mend([typed])] in (
        [meant],
        [None] if typed == "prakek" else [meant],
    )


@pytest.mark.parametrize("word", ["mohon", "paspor", "kendari", "imb", "17", "x"])
def test_a_known_word_is_left_alone(reader: Reader, word: str) -> None:
    assert reader.mend([word]) == [Unit(word)]


def test_a_word_near_nothing_is_left_alone(reader: Reader) -> None:
    assert reader.mend(["zzzzqqqq"]) == [Unit("zzzzqqqq")]


def test_two_words_run_together_are_parted(reader: Reader) -> None:
    assert [unit.mended for unit in reader.mend(["aktakelahiran"])] == ["akta", "kelahiran"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("daftarpasporkendari", ["daftar", "paspor", "kendari"]),
        ("kartuktp", ["kartu", "ktp"]),  # beside each other in a name
        ("dikendari", ["di", "kendari"]),
        ("pspordikendari", [None]),  # two faults in one word are left alone
    ],
)
def test_words_without_spaces_are_read(reader: Reader, typed: str, meant: list[str | None]) -> None:
    assert [unit.mended for unit in reader.mend([typed])] == meant


def test_a_known_word_may_stand_for_two_that_are_neighbours_in_a_name(stems: Stems) -> None:
    reader = Reader(Lexicon(), Synonyms(), stems, names=["pe ktp el"])

    assert ("ktp", "el") in terms(understood(reader, "ktpel"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dftr", "daftar"),  # without its vowels
        ("krtk", None),
        ("perpanja", "perpanjangan"),  # not to its end
    ],
)
def test_shortened_words_are_written_out(reader: Reader, typed: str, meant: str | None) -> None:
    assert [unit.mended for unit in reader.mend([typed])] == [meant]


def test_small_words_tell_in_a_synonym_of_several_words(reader: Reader) -> None:
    assert ("akta",) in terms(understood(reader, "paspor untuk hilang"))
    assert ("akta",) not in terms(understood(reader, "paspor yang hilang"))


def test_two_words_the_index_knows_as_one_are_joined(reader: Reader) -> None:
    assert ("simc",) in terms(understood(reader, "sim c"))
    assert ("ktpel",) in terms(understood(reader, "ktp el"))
    assert ("ektp",) in terms(understood(reader, "e ktp"))


def test_synonyms_of_several_words_stand_for_all_of_them(reader: Reader) -> None:
    found = understood(reader, "sk lahir").alternatives

    assert any((one.first, one.after, one.terms) == (0, 2, ("akta", "kelahiran")) for one in found)


def test_stop_words_and_words_of_asking_carry_no_meaning(reader: Reader) -> None:
    assert understood(reader, "cara daftar paspor yang hilang").understood == "daftar paspor hilang"


def test_a_query_of_small_words_only_keeps_them(reader: Reader) -> None:
    assert understood(reader, "cara").understood == "cara"


def test_of_very_many_words_the_rarest_known_ones_are_weighed(reader: Reader) -> None:
    words = [word for word, count in INDEXED.items() if count < 6]
    many = ["izin", *words[:-1], "zzzz", words[-1]]

    reading = reader.read([Unit(word) for word in many])

    written = [unit.written for unit in reading.units]
    assert len(written) == MOST_WEIGHED < len(many)
    assert written == [word for word in many if word in written], "in their order"
    assert not {"izin", "zzzz"} & set(written)


def test_spellings_in_use_side_by_side_answer_for_each_other(reader: Reader) -> None:
    assert ("pasport",) in terms(understood(reader, "paspor"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("izin", "ijin"),
        ("sertifikat", "sertipikat"),
        ("praktek", "praktik"),
        ("khitan", "kitan"),
        ("anggota", "angota"),
    ],
)
def test_spellings_of_one_sound_share_a_key(one: str, other: str) -> None:
    assert sounds_like(one) == sounds_like(other)


def test_affixed_words_without_a_root_are_told(stems: Stems) -> None:
    assert stems.lacks_root("pengarsipan")
    assert not stems.lacks_root("perpanjangan")
    assert not stems.lacks_root("ktp")


def test_a_word_of_a_fixed_phrase_is_worth_less_by_itself(reader: Reader) -> None:
    found = understood(reader, "akta kelahiran").alternatives

    alone = next(one.weight for one in found if one.terms == ("akta",))
    together = next(one.weight for one in found if one.terms == ("akta", "kelahiran"))
    assert alone < together == 1.0


@pytest.mark.parametrize(
    ("text", "wanted", "beside"),
    [
        ("hilang mau paspor", ["paspor"], ["hilang"]),
        ("paspor untuk izin", ["paspor"], ["izin"]),
        ("mau paspor", ["paspor"], []),
        ("untuk paspor", ["paspor"], []),
    ],
)
def test_circumstances_tell_less_than_what_is_wanted(
    stems: Stems, text: str, wanted: list[str], beside: list[str]
) -> None:
    units = understood(Reader(Lexicon(), Synonyms(), stems), text).units

    assert [unit.written for unit in units if unit.telling == 1 and unit.written != "mau"] == wanted
    assert [unit.written for unit in units if unit.telling < 1] == beside


def test_a_number_tells_less_than_a_word(reader: Reader) -> None:
    paspor, number = understood(reader, "paspor 10").units

    assert number.telling < paspor.telling
