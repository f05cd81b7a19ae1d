import json

from flask import Flask, abort

app = Flask(__name__)

with open("stations.json") as file:
    stations = json.load(file)


@app.route("/stations/<name>")
def station(name):
    return stations.get(name) or abort(404)
