"""Pipelines of encoders: sequence and token classification, question answering, masks, zero-shot."""

import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline, pipelines

SENTENCES = ["a first sentence", "the second, which is longer than the first", "3"]
available = pipelines.PIPELINE_REGISTRY.get_supported_tasks()

classify = pipeline("text-classification", model=f"{sys.argv[1]}/classifier")
print(classify(SENTENCES))
print(classify(SENTENCES, batch_size=2, top_k=None))
print([found["label"] for found in classify(text for text in SENTENCES)])
print(classify({"text": "a premise", "text_pair": "a hypothesis"}))
print(pipeline("token-classification", model=f"{sys.argv[1]}/tagger")("tags for letters")[:3])
print(pipeline("ner", model=f"{sys.argv[1]}/tagger", aggregation_strategy="simple")("tags for words")[:2])
print(pipeline("fill-mask", model=f"{sys.argv[1]}/filler")("one [MASK] two", top_k=3))
print(pipeline("feature-extraction", model=f"{sys.argv[1]}/bert")("features")[0][1][:4])
for model in ("classifier", "bart"):
    judge = pipeline("zero-shot-classification", model=f"{sys.argv[1]}/{model}")
    print(judge("a text", candidate_labels=["good", "not so good", "x"]))
if "question-answering" in available:
    answer = pipeline("question-answering", model=f"{sys.argv[1]}/reader")
    print(answer(question="what?", context="the answer is 42, as always"))
else:
    from transformers import AutoModelForQuestionAnswering

    tokenizer = AutoTokenizer.from_pretrained(f"{sys.argv[1]}/reader")
    model = AutoModelForQuestionAnswering.from_pretrained(f"{sys.argv[1]}/reader")
    batch = tokenizer("what?", "the answer is 42, as always", return_tensors="pt", return_token_type_ids=False)
    with torch.no_grad():
        output = model(**batch)
    print(output.start_logits.argmax().item(), output.end_logits[0, :4].tolist())

tokenizer = AutoTokenizer.from_pretrained(f"{sys.argv[1]}/classifier")
model = AutoModelForSequenceClassification.from_pretrained(f"{sys.argv[1]}/classifier")
batch = tokenizer(SENTENCES, padding=True, return_tensors="pt")
labels = torch.tensor([0, 2, 1])
with torch.no_grad():
    output = model(**batch, labels=labels)
    print(output.loss.item(), output.logits[0].tolist())
    print(model.bert(**batch).pooler_output[0, :3].tolist())
    print(model.classifier(model.bert(**batch)[1])[0].tolist())
output = model(**batch, labels=labels)
output.loss.backward()
print(output.loss.item(), model.classifier.bias.grad.tolist())
