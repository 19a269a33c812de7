"""Runs a program on a terminal: on-terminal.py '[["wait for", "then type"], ...]' program argument...

Prints all that the terminal showed, and ends with the program's status. A text that does not come within 30 s is an error.
"""
import json, os, pty, re, select, sys, time

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
import fcntl, struct, termios
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
shown, read_to, until = "", 0, time.time() + 30
while True:
    if steps:
        found = re.search(steps[0][0], shown[read_to:])
        if found:
            read_to += found.end()
            time.sleep(0.2)
            os.write(terminal, steps.pop(0)[1].encode())
            until = time.time() + 30
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data.decode(errors="replace")
    elif time.time() > until:
        os.kill(pid, 9)
        print("NOT SEEN: %r" % (steps[:1],))
        break
print(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
