"""What is sent instead of what was asked for. Bytes as they go over the wire, before they are percent-encoded."""

NUL = "甲\x00乙".encode()
SURROGATE = b"\xe7\x94\xb2\xed\xa0\x80"
NO_UTF8 = b"\xff\xfe\x80\xc3("
CONTROLS = "甲\x01\x07\x0b\x1b\x7f\x85\u2028\u200b\u202e乙".encode()
LONG = "甲".encode() * 100_000

EVERYWHERE: dict[str, bytes] = {
    "empty": b"",
    "10^5 characters": LONG,
    "800 characters": "甲".encode() * 800,
    "NUL": NUL,
    "controls": CONTROLS,
    "half a surrogate": SURROGATE,
    "no UTF-8": NO_UTF8,
    "[]": b"[]",
    "{}": b"{}",
    "1e400": b"1e400",
    "NaN": b"NaN",
    "-1": b"-1",
    "0": b"0",
    "2^31": str(2**31).encode(),
    "2^63": str(2**63).encode(),
    "10^30": str(10**30).encode(),
    "5000 digits": b"9" * 5000,
    "other digits": "１２".encode(),
    "superscript": "²".encode(),
    "half": b"0.5",
    "first year": b"0001-01-01",
    "last year": b"9999-12-31",
    "first minute": b"0001-01-01T00:00",
    "last minute": b"9999-12-31T23:59",
    "no day": b"2026-02-30",
    "quotes": b"' OR 1=1 -- \"><script>%s{0}{{",
    "path": b"../../etc/passwd",
}
"""For fields of forms, and for what stands after the question mark."""
ALONE = {
    name: EVERYWHERE[name]
    for name in (
        "empty",
        "800 characters",
        "NUL",
        "controls",
        "half a surrogate",
        "[]",
        "{}",
        "1e400",
        "-1",
        "2^63",
        "5000 digits",
    )
}
"""For one word of a query by itself: a list of the admin knows dozens of them."""
PATHS: dict[str, bytes] = {
    name: EVERYWHERE[name]
    for name in ("NUL", "controls", "half a surrogate", "no UTF-8", "1e400", "-1", "0", "2^31", "2^63", "10^30", "5000 digits",
                 "other digits", "superscript", "quotes", "first year", "last year")
} | {"2,000 characters": "甲".encode() * 2000, "escape": b"_00_FF_zz", "a letter": b"x"}  # fmt: skip
"""For parts of an address."""
DIFFERENT_IDS = {"an id of nobody": b"999999999", "id 1": b"1"}

BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": ("application/x-www-form-urlencoded", b""),
    "no content type": ("", b"a=1"),
    "an unknown type": ('text/x-what; charset="', b"a=1"),
    "an unknown charset": ("application/x-www-form-urlencoded; charset=klingon", b"a=1"),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", "a=1".encode("utf-16")),
    "a codec that is no charset": ("application/x-www-form-urlencoded; charset=zlib_codec", b"a=1"),
    "JSON to a form": ("application/json", b'{"a": 1}'),
    "XML": ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    "names alone": ("application/x-www-form-urlencoded", b"&&==&%00=%00&=&%ED%A0%80=1&%FF=%FF"),
    "2,000 names": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
    "2 MB": ("application/x-www-form-urlencoded", b"words=" + b"a" * 2_000_000),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "a broken boundary": ("multipart/form-data; boundary=\xe9\xff", b"--x\r\n"),
    "cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\nab'),
    "broken headers": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=\r\n\r\na\r\n--x--\r\n",
    ),
    "broken base64": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff!!\r\n--x--\r\n',
    ),
    "files of odd names": (
        "multipart/form-data; boundary=x",
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="photos"; filename="%s"\r\n\r\na\r\n' % name
            for name in (
                b"../../x.jpg",
                b"\x00.jpg",
                b"\xff.jpg",
                b"\xed\xa0\x80.jpg",
                b"a" * 3000 + b".jpg",
                b".",
                b"CON",
            )
        )
        + b"--x--\r\n",
    ),
}
"""Instead of a form: content type and bytes."""

JSON: dict[str, str] = {
    "null": "null",
    "true": "true",
    "[]": "[]",
    "{}": "{}",
    "nested": '[{"a": [{}]}]',
    "several": '["甲", "乙", 1]',
    "1e400": "1e400",
    "-1e400": "-1e400",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-1": "-1",
    "0.5": "0.5",
    "2^31": str(2**31),
    "2^63": str(2**63),
    "10^30": str(10**30),
    "5000 digits": "9" * 5000,
    "empty": '""',
    "NUL": r'"甲\u0000乙"',
    "half a surrogate": r'"甲\ud800乙"',
    "controls": r'"甲\u0001\u001b\u202e乙"',
    "10^5 characters": '"' + "甲" * 100_000 + '"',
    "first year": '"0001-01-01"',
    "last minute": '"9999-12-31T23:59"',
}
"""For a field of the API, as it stands in JSON."""
WHOLE_JSON = ["", "[]", '"x"', "1", "1e400", "null", "NaN", "{", '{"a":', "[" * 100_000, '{"a": ' * 5000, '{"a": 1, "a": 2}',
              "\ufeff{}", "{}x", '{"\\ud800": 1}', '{"": 1}']  # fmt: skip
"""Instead of an object."""

ONE_DOT = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
FILES: dict[str, tuple[bytes, bytes]] = {
    "an empty file": (b"a.jpg", b""),
    "no picture": (b"a.jpg", b"\xff\xd8\xff\xe0 nothing"),
    "a picture of one dot": (b"a.gif", ONE_DOT),
    "a table that is none": (b"a.xlsx", b"PK\x03\x04 nothing"),
    "a table of NULs": (b"a.csv", b"\x00" * 100),
    "a table of odd bytes": (b"a.csv", b'\xff\xfe,\xed\xa0\x80\n"never closed'),
    "a PDF that is none": (b"a.pdf", b"%PDF-1.4 nothing"),
    "a name of 3,000": (b"a" * 3000 + b".jpg", b"x"),
    "a name without end": (b"\x00\xed\xa0\x80..", b"x"),
}
"""Instead of a file: its name and what is in it."""

SESSION = "{session}"
HEADERS: dict[str, dict[str, str]] = {
    "cookies": {
        "HTTP_COOKIE": f'sessionid={SESSION}; print=\x01\xff%00; csrftoken=\xff; messages=\xffW10; =; a="b; last=\xed\xa0\x80',
    },
    "a session of nobody": {"HTTP_COOKIE": "sessionid=\xff%00; print=large"},
    "a session of 10^4": {"HTTP_COOKIE": "sessionid=" + "a" * 10_000 + "; messages=" + "b" * 10_000},
    "where it comes from": {
        "HTTP_X_FORWARDED_FOR": "\xff, ::1%lo, 1.2.3.4:99, " + "9" * 5000,
        "HTTP_X_FORWARDED_PROTO": "\xff",
        "HTTP_X_FORWARDED_HOST": "[::1",
        "HTTP_REFERER": "http://[\xff",
        "HTTP_ORIGIN": "null",
        "HTTP_USER_AGENT": "\x01\xff" + "a" * 100_000,
    },
    "languages and kinds": {
        "HTTP_ACCEPT_LANGUAGE": "zh;q=1e400, \xff;q=-1, " + "a-" * 5000,
        "HTTP_ACCEPT": "\xff/;q=NaN, */*;q=1e400",
        "HTTP_ACCEPT_ENCODING": "gzip;q=1e400, \xff",
        "HTTP_ACCEPT_CHARSET": "klingon",
    },
    "what it has already": {
        "HTTP_IF_NONE_MATCH": 'W/"\xff", "',
        "HTTP_IF_MATCH": "\xff",
        "HTTP_IF_MODIFIED_SINCE": "Thu, 99 Feb 99999 99:99:99 GMT",
        "HTTP_IF_UNMODIFIED_SINCE": "0",
        "HTTP_RANGE": "bytes=-0,99999999999999999999999-\xff",
        "HTTP_IF_RANGE": '"',
    },
    "parts of pages": {
        "HTTP_HX_REQUEST": "true",
        "HTTP_HX_CURRENT_URL": "http://[%ff",
        "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true",
        "HTTP_HX_TARGET": "%FF%00",
        "HTTP_HX_TARGET_URI_AUTOENCODED": "true",
        "HTTP_HX_PROMPT": "\xff",
        "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    },
    "lengths and methods": {
        "CONTENT_LENGTH": "9" * 30,
        "CONTENT_TYPE": "\xff; charset=\xff",
        "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
        "HTTP_TRANSFER_ENCODING": "chunked",
    },
    "no length": {"CONTENT_LENGTH": "-1"},
    "a host of nobody": {"HTTP_HOST": "\xff:99999999"},
}
"""With a request that is good otherwise, as WSGI hands them on."""
