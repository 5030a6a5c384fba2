"""One rule for the addresses that people write: what deceives is refused with what to write, what works passes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.addresses import LOOK_ALIKES, site_address, web_address
from feedsvc.errors import BadValueError

DECEIVING = {
    "https://union.example@evil.example/": "https://evil.example/ if it is to lead there",
    "https://union.example:pass@evil.example/": "https://evil.example/ if it is to lead there",
    "https://union.example%40evil.example/": "https://evil.example/",
    "https://union.example\N{DIVISION SLASH}evil.example/x": "https://union.example/evil.example/x",
    "https://union.example%E2%88%95evil.example/x": "https://union.example/evil.example/x",
    "https://union.example\N{FULLWIDTH SOLIDUS}evil.example": "https://union.example/evil.example",
    "https://union.example\N{FRACTION SLASH}evil.example": "https://union.example/evil.example",
    "https://union.example\\@evil.example/": "https://union.example/@evil.example/",
    "https:\\\\union.example\\pay": "https://union.example/pay",
    "https\N{FULLWIDTH COLON}//union.example": "https://union.example",
    "https://union\N{FULLWIDTH FULL STOP}example/": "https://union.example/",
    "https://https://union.example/": "https://union.example/",
    "http://https//union.example/": "https://union.example/",
    "https:https://union.example/": "https://union.example/",
    "https:///union.example/pay": "https://union.example/pay",
    "https:union.example/pay": "https://union.example/pay",
    "https://un%69on.example/": "https://union.example/",
    "https://union.example\u202e/gro": "it without",
    "https://union.example\u200b/": "it without",
    "https://union.example/\x07": "it without",
    "https://union.example/ pay": "it without",
    "https://señal.example/pay": "https://xn--seal-hqa.example/pay",
    "https://se%C3%B1al.example/": "https://xn--seal-hqa.example/",
    "https://\N{CYRILLIC SMALL LETTER U}nion.example/": "it anew",
    "https://xn--pple-43d.example/": "it anew",
}
BROKEN = (
    *("", "union.example", "ftp://union.example/", "https://", "https://[::1", "https://[union]/", "https://a:99999/"),
    *("https://a:0/", "https://a:/", "https://a:x/", "https://a..example/", "https://-a.example/", "https://.example/"),
    *("https://3232235777/", "https://0x7f.1/", "https://127.1/", "https://1.2.3.999/", f"https://{'a' * 64}.example/"),
    *(f"https://{'a.' * 130}example/", f"https://{'ñ' * 64}.example/", "javascript:alert(1)", "httpsx://a.example"),
    *("https://[::1]a/", "https://[::1]80/", "https://[::1]]/", "https://[[::1]]/"),
    *("https://xn--99999999999/", "https://xn--a.example/"),  # the sanitiser would drop them without a word
)
GOOD = {
    "https://union.example": "https://union.example",
    "http://union.example:8080/a@b?c=d@e#f": "http://union.example:8080/a@b?c=d@e#f",
    "https://union.example/año?x=ü": "https://union.example/a%C3%B1o?x=%C3%BC",
    "https://union.example./": "https://union.example./",
    "https://web.example/https://union.example/": "https://web.example/https://union.example/",
    "https://https.example/": "https://https.example/",
    "https://xn--seal-hqa.example/": "https://xn--seal-hqa.example/",
    "https://xn--nicode-fix/": "https://xn--nicode-fix/",
    "https://xn--strae-oqa.example/": "https://xn--strae-oqa.example/",
    "https://192.0.2.7:8080/": "https://192.0.2.7:8080/",
    "https://[2001:db8::1]/": "https://[2001:db8::1]/",
    "HTTPS://Union.example/": "HTTPS://Union.example/",
    "http://localhost:8000/": "http://localhost:8000/",
}
NO_SITES = (
    *("https://news.example/?a", "https://news.example/#a", "https://news.example/a//b", "https://news.example//"),
    *(
        "https://news.example/../a",
        "https://news.example/%2e%2E/a",
        "https://news.example/<b>",
        'https://news.example/"',
    ),
    *("https://news.example/{x}", "//news.example/", "HTTPS://news.example/"),
)
SITES = {
    "https://news.example": "https://news.example/",
    "https://news.example/local/": "https://news.example/local/",
    "https://news.example/año/%41": "https://news.example/a%C3%B1o/A/",
    "http://[::1]:8000": "http://[::1]:8000/",
}


@pytest.mark.parametrize("text", DECEIVING)
def test_an_address_that_deceives_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadValueError) as caught:
        web_address(text)
    assert caught.value.fix == f"write {DECEIVING[text]}".replace("write it anew", "type it anew")


@pytest.mark.parametrize("text", BROKEN)
def test_what_leads_nowhere_is_no_address(text: str) -> None:
    with pytest.raises(BadValueError, match="is not a web address; write it in full such as"):
        web_address(text)


@pytest.mark.parametrize("text", GOOD)
def test_an_address_that_works_passes(text: str) -> None:
    assert web_address(text) == GOOD[text]


@pytest.mark.parametrize("text", [*DECEIVING, *BROKEN, *NO_SITES])
def test_no_site_is_where_no_reader_gets(text: str) -> None:
    with pytest.raises(BadValueError):
        site_address(text)


@pytest.mark.parametrize("text", SITES)
def test_the_address_of_a_site_ends_in_a_slash(text: str) -> None:
    assert site_address(text) == SITES[text]
    assert site_address(SITES[text]) == SITES[text]


@given(st.text() | st.text(alphabet="htps:/.@\\%[]0x1a-?#ñ" + "".join(map(chr, LOOK_ALIKES))).map("https://".__add__))
def test_any_text_is_an_address_or_has_its_mistake_told(text: str) -> None:
    for read in (web_address, site_address):
        try:
            url = read(text)
        except BadValueError:
            pass
        else:
            host = url.split("://")[1].replace("?", "/").replace("#", "/").split("/")[0]
            assert host.isascii()
            assert not set(host) & set("@\\%<>\"'")
            assert host[:1] != "[" or ipaddress.ip_address(host[1:].partition("]")[0]).version == 6
