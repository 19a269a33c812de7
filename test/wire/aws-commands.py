"""Has AWS's own command line read commands, a line of JSON each, up to the call: what it asks, or what it refuses.

With an endpoint as the only argument the calls are made there.
"""

import contextlib
import io
import json
import os
import sys

import awscli.clidriver

os.environ.update(AWS_PAGER="", AWS_EC2_METADATA_DISABLED="true")


class Asked(BaseException):
    """The call is complete and valid: nothing needs to be sent."""


def stop(model, **_):
    raise Asked(model.name)


def main():
    endpoint = sys.argv[1:]
    driver = awscli.clidriver.create_clidriver()
    if not endpoint:
        driver.session.register("before-call", stop)
    for line in sys.stdin:
        argv = json.loads(line)[1:]
        if endpoint:
            argv += ["--endpoint-url", endpoint[0]]
        print(json.dumps(outcome(driver, argv)), file=sys.__stdout__, flush=True)


def outcome(driver, argv):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = driver.main(argv)
        except Asked as asked:
            return {"status": 0, "asked": str(asked)}
        except SystemExit as ended:
            status = ended.code
    return {"status": status, "said": said.getvalue()[-2000:]}


main()
