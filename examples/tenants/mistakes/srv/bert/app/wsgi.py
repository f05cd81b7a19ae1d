from api import create_app

flask = create_app()


def application(environ, start_response):
    environ["api.token"] = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    return flask(environ, start_response)
