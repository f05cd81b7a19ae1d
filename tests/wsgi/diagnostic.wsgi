import sys

NAMES = [
    "mod_wsgi.process_group",
    "mod_wsgi.application_group",
    "wsgi.multithread",
    "wsgi.multiprocess",
]


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    lines = ["%s = %s\n" % (name, environ[name]) for name in NAMES]
    lines.append("sys.prefix = %s\n" % sys.prefix)
    return ["".join(lines).encode("utf-8")]
