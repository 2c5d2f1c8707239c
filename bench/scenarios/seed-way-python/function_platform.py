"""
What the function platform gives to the script. Its cache is a Redis and its environment a database; here both are
memory, and cost nothing.
"""
import os

from datakit_connector import DataKitConnector


class Cache:
    def __init__(self):
        self.values = {}

    def get(self, key, scope):
        return self.values.get((scope, key))

    def set(self, key, value, scope, expire=None):
        self.values[(scope, key)] = str(value)


class Platform:
    CACHE = Cache()

    def API(self, title, timeout, api_timeout):
        return lambda function: function

    def ENV(self, name):
        return os.environ[name]

    def SRC(self, name):
        return DataKitConnector(os.environ['DATAKIT_URL'])


DFF = Platform()
