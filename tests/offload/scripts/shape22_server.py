"""A web server that holds a model and answers from many threads."""

import json
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        prompt = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        inputs = tokenizer(prompt, return_tensors="pt")
        body = json.dumps(tokenizer.decode(model.generate(**inputs, max_new_tokens=6)[0])).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
answers = {}


def ask(prompt):
    request = urllib.request.Request(f"http://127.0.0.1:{server.server_port}", json.dumps(prompt).encode())
    answers[prompt] = json.loads(urllib.request.urlopen(request).read())


threads = [threading.Thread(target=ask, args=(f"prompt {number}",)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(answers.items()))
server.shutdown()
