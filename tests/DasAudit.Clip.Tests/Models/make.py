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

# Pictures as other exporters take them: bytes, with the rest in the graph; channels last; both.
def first(source, to):
    return helper.make_node("Transpose", [source], [to], perm=[0, 3, 1, 2])


model("bytes", [helper.make_node("Cast", ["image"], ["floats"], to=F), *pooled("embedding", source="floats")],
      [value("image", T.UINT8, (1, 3, 8, 8))], [value("embedding", F, (1, 4))])
model("bytes-last", [helper.make_node("Cast", ["image"], ["floats"], to=F), first("floats", "turned"), *pooled("embedding", source="turned")],
      [value("image", T.UINT8, ("batch", 8, 8, 3))], [value("embedding", F, ("batch", 4))])
model("floats-last", [first("image", "turned"), *pooled("embedding", source="turned")],
      [value("image", F, ("batch", 8, 8, 3))], [value("embedding", F, ("batch", 4))])
model("half-last", [first("image", "turned"), *pooled("embedding", source="turned", weights="half")],
      [value("image", H, ("batch", "height", "width", 3))], [value("embedding", H, ("batch", 4))], half=WEIGHTS.astype(np.float16))

# As openai/CLIP's issue 122 exports it: scores of pictures against texts alone.
model("compares-texts", [
    *pooled("x"),
    helper.make_node("Gather", ["table", "TEXT"], ["tokens"]), helper.make_node("ReduceSum", ["tokens", "one"], ["y"], keepdims=0),
    helper.make_node("Transpose", ["y"], ["turned"]), helper.make_node("MatMul", ["x", "turned"], ["LOGITS_PER_IMAGE"]),
    helper.make_node("Transpose", ["LOGITS_PER_IMAGE"], ["LOGITS_PER_TEXT"])],
    [picture(), value("TEXT", I, ("text_batch", 77))],
    [value("LOGITS_PER_IMAGE", F, ("batch", "text_batch")), value("LOGITS_PER_TEXT", F, ("text_batch", "batch"))],
    table=np.arange(20, dtype=np.float32).reshape(5, 4), one=np.array([1], np.int64))


# Weights outside the model. The tests write the files.
def outside(name, location, array):
    t = numpy_helper.from_array(array, name)
    t.ClearField("raw_data")
    t.data_location = T.EXTERNAL
    for key, text in (("location", location), ("offset", "0"), ("length", str(array.nbytes))):
        entry = t.external_data.add()
        entry.key, entry.value = key, text
    return t


def with_outside(name, tensors):
    graph = helper.make_graph(pooled("image_embeds"), name, [picture()], [embeds], tensors)
    m = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], producer_name="")
    m.ir_version = 7
    return m


save(with_outside("external", [outside("weights", "weights.bin", WEIGHTS)]), "external.onnx")
save(with_outside("external-usual", [outside("weights", "model.onnx_data", WEIGHTS)]), "external-usual.onnx")

# In every place where a tensor can stand; it is only read, never run.
everywhere = with_outside("everywhere", [outside("weights", "initializer", WEIGHTS), outside("more", "initializer", WEIGHTS)])
sparse = everywhere.graph.sparse_initializer.add()
sparse.values.CopyFrom(outside("v", "sparse-values", WEIGHTS)), sparse.indices.CopyFrom(outside("i", "sparse-indices", WEIGHTS))
branch = helper.make_graph([helper.make_node("Constant", [], ["c"], value=outside("c", "sub-graph/constant", WEIGHTS))], "b", [],
                           [value("c", F, (3, 4))], [outside("d", "sub-graph/initializer", WEIGHTS)])
everywhere.graph.node.append(helper.make_node("If", ["x"], ["y"], then_branch=branch))
several = helper.make_node("Several", [], [])
for field in ("tensors", "graphs", "sparse_tensors"):
    a = several.attribute.add(name=field)
    if field == "tensors":
        a.tensors.append(outside("t", "attribute-tensors", WEIGHTS))
    elif field == "graphs":
        a.graphs.append(helper.make_graph([], "g", [], [], [outside("g", "attribute-graphs", WEIGHTS)]))
    else:
        a.sparse_tensors.add().values.CopyFrom(outside("s", "attribute-sparse-tensors", WEIGHTS))
one = several.attribute.add(name="sparse_tensor")
one.sparse_tensor.values.CopyFrom(outside("s", "attribute-sparse-tensor", WEIGHTS))
everywhere.graph.node.append(several)
function = everywhere.functions.add(name="f", domain="d")
function.node.append(helper.make_node("Constant", [], ["c"], value=outside("c", "function", WEIGHTS)))
training = everywhere.training_info.add()
training.initialization.initializer.append(outside("t", "training-initialization", WEIGHTS))
training.algorithm.initializer.append(outside("t", "training-algorithm", WEIGHTS))
# Entries that count for nothing: the tensor's data are inside.
inside = numpy_helper.from_array(WEIGHTS, "inside")
inside.external_data.add(key="location", value="inside")
everywhere.graph.initializer.append(inside)
save(everywhere, "external-everywhere.onnx")
