"""Vision and speech encoders: ViT, CLIP, DETR, Whisper."""

import sys

import torch
from transformers import CLIPModel, DetrForObjectDetection, ViTForImageClassification, ViTModel, WhisperModel

torch.manual_seed(1)
images = torch.rand(3, 3, 32, 32)


def show(name, value):
    print(name, tuple(value.shape), str(value.dtype), value.flatten()[-4:].tolist())


torch.set_grad_enabled(False)
vit = ViTForImageClassification.from_pretrained(f"{sys.argv[1]}/vit")
for batch in (images, images[:1], images[:2], torch.cat([images, images])):
    show("vit", vit(batch).logits)
show("vit body", ViTModel.from_pretrained(f"{sys.argv[1]}/vit", add_pooling_layer=False)(images).last_hidden_state)

clip = CLIPModel.from_pretrained(f"{sys.argv[1]}/clip")
words = torch.tensor([[1, 20, 21, 2, 0], [1, 30, 2, 0, 0]])
mask = (words != 0).long()
output = clip(input_ids=words, attention_mask=mask, pixel_values=images)
show("clip images", output.logits_per_image)
show("clip texts", output.text_embeds)
for features in (
    clip.get_image_features(pixel_values=images),
    clip.get_text_features(input_ids=words, attention_mask=mask),
):
    show("clip features", features if isinstance(features, torch.Tensor) else features.pooler_output)
show("clip vision", clip.vision_model(images[:2]).pooler_output)
show("clip text", clip.text_model(words, attention_mask=mask).last_hidden_state)

detr = DetrForObjectDetection.from_pretrained(f"{sys.argv[1]}/detr")
for size in (64, 64, 96):
    found = detr(pixel_values=torch.rand(1, 3, 64, size))
    show("detr", found.logits)
    show("detr", found.pred_boxes)

whisper = WhisperModel.from_pretrained(f"{sys.argv[1]}/whisper")
sound = torch.rand(2, 16, 100)
show("whisper", whisper.encoder(sound).last_hidden_state)
show("whisper", whisper.get_encoder()(sound[:1]).last_hidden_state)
show("whisper", whisper(sound, decoder_input_ids=torch.tensor([[1, 2], [3, 4]])).last_hidden_state)
show("whisper", whisper(sound, decoder_input_ids=torch.tensor([[1], [3]]), use_cache=False).last_hidden_state)
