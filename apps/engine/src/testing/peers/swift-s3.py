"""Runs OpenStack Swift with its S3 interface in one folder: four servers, one process each, until standard input ends.

usage: swift-s3.py FOLDER REGION PROXY_PORT ACCOUNT_PORT CONTAINER_PORT OBJECT_PORT
"""
import os
import pwd
import signal
import sys

import xattr
from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import run_wsgi

folder = os.path.abspath(sys.argv[1])
region = sys.argv[2]
ports = dict(zip(("proxy", "account", "container", "object"), map(int, sys.argv[3:7])))
settings = os.path.join(folder, "etc")
devices = os.path.join(folder, "srv")

USER = pwd.getpwuid(os.getuid()).pw_name

COMMON = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {settings}
devices = {devices}
mount_check = false
fallocate_reserve = 0
log_level = CRITICAL
"""

# The login wants a cache to be configured; none answers there, and it does without. Pages of listings are
# short, so that tests need not make a thousand objects to see the second one.
PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth bulk slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
user_test_stranger = nothing
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:s3api]
use = egg:swift#s3api
location = {region}
s3_acl = false
max_bucket_listing = 50
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""

SERVER = """
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{app}
"""

SWIFT = """[swift-hash]
swift_hash_path_prefix = idsync
swift_hash_path_suffix = idsync
[storage-policy:0]
name = gold
default = yes
[swift-constraints]
max_header_size = 16384
"""


def write(name, text):
    with open(os.path.join(settings, name), "w") as file:
        file.write(text)


def holds_attributes():
    """Swift keeps what it knows of an object in attributes of its file; some file systems have none."""
    try:
        xattr.setxattr(devices, "user.swift.probe", b"1")
        return True
    except OSError:
        return False


def write_settings():
    os.makedirs(settings)
    os.makedirs(os.path.join(devices, "d1"))
    write("swift.conf", SWIFT)
    for name, port in ports.items():
        app = "mem_object" if name == "object" and not holds_attributes() else name
        rest = PROXY.format(region=region) if name == "proxy" else SERVER.format(name=name, app=app)
        write(name + ".conf", COMMON.format(port=port, user=USER, settings=settings, devices=devices) + rest)
        if name == "proxy":
            continue
        ring = RingBuilder(4, 1, 0)
        ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d1", "weight": 1.0})
        ring.rebalance()
        ring.get_ring().save(os.path.join(settings, name + ".ring.gz"))


def serve(name):
    os.close(0)
    os.setpgid(0, 0)
    os._exit(run_wsgi(os.path.join(settings, name + ".conf"), name + "-server"))


# What it keeps is gone when it ends, so nothing needs to wait for the disk.
os.fsync = os.fdatasync = lambda descriptor: None
utils.SWIFT_CONF_FILE = os.path.join(settings, "swift.conf")
write_settings()
children = []
for server in ports:
    child = os.fork()
    if child == 0:
        serve(server)
    children.append(child)

while os.read(0, 1):
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
