"""`generate` with a TextStreamer, a TextIteratorStreamer read by another thread, and a streamer of the script's own."""

import sys
import threading

from transformers import AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer, TextStreamer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval()
inputs = tokenizer("def add(a, b):", return_tensors="pt")
output = model.generate(**inputs, max_new_tokens=12, streamer=TextStreamer(tokenizer))
print(output.tolist())

streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, timeout=60)
thread = threading.Thread(target=model.generate, kwargs={**inputs, "max_new_tokens": 10, "streamer": streamer})
thread.start()
for piece in streamer:
    print(repr(piece))
thread.join()


class Collect:
    def __init__(self):
        self.seen = []

    def put(self, value):
        self.seen.append((tuple(value.shape), value.tolist()))

    def end(self):
        self.seen.append("end")


collect = Collect()
model.generate(**inputs, max_new_tokens=5, streamer=collect)
print(collect.seen)
