#!/usr/bin/env python3
"""Makes the tiny ONNX models of this folder. Needs Debian's python3-onnx (written with onnx 1.12.0). Run it in this folder.

All that have an embedding embed a picture as its mean colour (after preprocessing) times WEIGHTS.
"""
import numpy as np
from onnx import TensorProto as T, checker, helper, numpy_helper, save

WEIGHTS = np.array([[1, 0, 0, 0.5], [0, 1, 0, 0.25], [0, 0, 1, -2]], np.float32)
F, H, I = T.FLOAT, T.FLOAT16, T.INT64


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def pooled(output, source="pixel_values", weights="weights"):
    return [
        helper.make_node("GlobalAveragePool", [source], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("MatMul", ["flat", weights], [output]),
    ]


def model(name, nodes, inputs, outputs, **constants):
    constants = {"weights": WEIGHTS, **constants}
    used = {i for n in nodes for i in n.input}
    graph = helper.make_graph(
        nodes, name, inputs, outputs, [numpy_helper.from_array(v, k) for k, v in constants.items() if k in used])
    m = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], producer_name="")
    m.ir_version = 7
    checker.check_model(m)
    save(m, name + ".onnx")


def picture(kind=F, shape=("batch", 3, "height", "width")):
    return value("pixel_values", kind, shape)


embeds = value("image_embeds", F, ("batch", 4))

model("dynamic", pooled("image_embeds"), [picture()], [embeds])
model("fixed-size", pooled("image_embeds"), [picture(shape=("batch", 3, 8, 8))], [embeds])
model("fixed-batch", pooled("image_embeds"), [picture(shape=(4, 3, 8, 8))], [value("image_embeds", F, (4, 4))])
model("half", pooled("image_embeds", weights="half"), [picture(H)], [value("image_embeds", H, ("batch", 4))], half=WEIGHTS.astype(np.float16))
model("pooler", pooled("pooler_output"), [picture()], [value("pooler_output", F, ("batch", 4))])
model("unnamed", pooled("1234"), [picture()], [value("1234", F, ("batch", 4))])

# The scales come from the whole batch, as in the quantised exports.
model("quantised", [
    helper.make_node("DynamicQuantizeLinear", ["pixel_values"], ["q", "scale", "zero"]),
    helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["rough"]),
    *pooled("image_embeds", source="rough")], [picture()], [embeds])

# The class token is the embedding; the other token is 7 everywhere.
model("hidden", [
    *pooled("cls"),
    helper.make_node("Mul", ["cls", "nought"], ["zeros"]), helper.make_node("Add", ["zeros", "seven"], ["sevens"]),
    helper.make_node("Unsqueeze", ["cls", "axis"], ["first"]), helper.make_node("Unsqueeze", ["sevens", "axis"], ["second"]),
    helper.make_node("Concat", ["first", "second"], ["last_hidden_state"], axis=1)],
    [picture()], [value("last_hidden_state", F, ("batch", 2, 4))],
    nought=np.float32(0), seven=np.float32(7), axis=np.array([1], np.int64))

# Both towers: a table of 5 tokens; the text's embedding is its masked sum.
model("both-towers", [
    *pooled("image_embeds"),
    helper.make_node("Gather", ["table", "input_ids"], ["tokens"]),
    helper.make_node("Cast", ["attention_mask"], ["mask"], to=F), helper.make_node("Unsqueeze", ["mask", "axis"], ["mask3"]),
    helper.make_node("Mul", ["tokens", "mask3"], ["seen"]),
    helper.make_node("ReduceSum", ["seen", "one"], ["text_embeds"], keepdims=0),
    helper.make_node("Transpose", ["text_embeds"], ["turned"]),
    helper.make_node("MatMul", ["image_embeds", "turned"], ["logits_per_image"])],
    [value("input_ids", I, ("text_batch", "sequence")), picture(), value("attention_mask", I, ("text_batch", "sequence"))],
    [value("logits_per_image", F, ("batch", "text_batch")), value("text_embeds", F, ("text_batch", 4)), embeds],
    table=np.arange(20, dtype=np.float32).reshape(5, 4), axis=np.array([2], np.int64), one=np.array([1], np.int64))

# What is no encoder of pictures.
model("classifier", pooled("logits"), [picture()], [value("logits", F, ("batch", 4))])
model("feature-map", [helper.make_node("Relu", ["pixel_values"], ["features"])], [picture()], [value("features", F, ("batch", 3, "height", "width"))])
model("integers", [*pooled("x"), helper.make_node("Cast", ["x"], ["image_embeds"], to=I)], [picture()], [value("image_embeds", I, ("batch", 4))])
model("too-many-rows", [
    *pooled("x"), helper.make_node("Reshape", ["x", "shape"], ["image_embeds"])],
    [picture()], [value("image_embeds", F, ("rows", "columns"))], shape=np.array([-1, 2], np.int64))
model("grows-with-picture", [
    helper.make_node("Flatten", ["pixel_values"], ["image_embeds"])], [picture()], [value("image_embeds", F, ("batch", "columns"))])
model("not-a-number", [*pooled("x"), helper.make_node("Div", ["x", "nought"], ["image_embeds"])], [picture()], [embeds], nought=np.float32(0))
model("text-only", [
    helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
    [value("input_ids", I, ("batch", "sequence"))], [value("last_hidden_state", F, ("batch", "sequence", 4))],
    table=np.arange(20, dtype=np.float32).reshape(5, 4))
model("needs-more", [*pooled("x"), helper.make_node("Mul", ["x", "temperature"], ["image_embeds"])], [picture(), value("temperature", F, (1,))], [embeds])
model("channels-last", [helper.make_node("ReduceMean", ["pixel_values"], ["image_embeds"], axes=[1, 2], keepdims=0)],
      [value("pixel_values", F, ("batch", 224, 224, 3))], [value("image_embeds", F, ("batch", 3))])
model("fails", [
    helper.make_node("Reshape", ["pixel_values", "shape"], ["image_embeds"])], [picture()], [embeds], shape=np.array([7, 4], np.int64))
