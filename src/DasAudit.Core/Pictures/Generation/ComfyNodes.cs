using System.Globalization;
using System.Text.Json;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>Reads the two forms in which ComfyUI writes its graph.</summary>
internal static class ComfyNodes
{
    // What the boxes of a node in the user's form are called; null for one that is no input.
    private static readonly Dictionary<string, string?[]> Widgets = new(StringComparer.Ordinal)
    {
        ["KSampler"] = ["seed", null, "steps", "cfg", "sampler_name", "scheduler", "denoise"],
        ["KSamplerAdvanced"] = ["add_noise", "noise_seed", null, "steps", "cfg", "sampler_name", "scheduler"],
        ["CLIPTextEncode"] = ["text"],
        ["CLIPTextEncodeSDXL"] =
        [
            "width",
            "height",
            "crop_w",
            "crop_h",
            "target_width",
            "target_height",
            "text_g",
            "text_l",
        ],
        ["CheckpointLoaderSimple"] = ["ckpt_name"],
        ["UNETLoader"] = ["unet_name"],
        ["LoraLoader"] = ["lora_name", "strength_model", "strength_clip"],
        ["LoraLoaderModelOnly"] = ["lora_name", "strength_model"],
        ["EmptyLatentImage"] = ["width", "height", "batch_size"],
        ["EmptySD3LatentImage"] = ["width", "height", "batch_size"],
        ["RandomNoise"] = ["noise_seed"],
        ["BasicScheduler"] = ["scheduler", "steps"],
        ["KSamplerSelect"] = ["sampler_name"],
        ["CFGGuider"] = ["cfg"],
        ["PrimitiveNode"] = ["value"],
        ["PrimitiveString"] = ["value"],
        ["PrimitiveStringMultiline"] = ["value"],
    };

    /// <summary>The nodes of the form that is run, in its order; null for another object.</summary>
    public static IReadOnlyList<ComfyNode>? OfPrompt(JsonElement root)
    {
        var nodes = new List<ComfyNode>();
        foreach (var member in root.EnumerateObject())
        {
            if (
                member.Value.ValueKind == JsonValueKind.Object
                && Text(member.Value, "class_type") is { } type
                && Member(member.Value, "inputs", JsonValueKind.Object) is { } inputs
            )
                nodes.Add(new(member.Name, type, InputsOf(inputs)));
        }

        return nodes.Count > 0 ? nodes : null;
    }

    /// <summary>The nodes of the user's form; null for another object.</summary>
    public static IReadOnlyList<ComfyNode>? OfWorkflow(JsonElement root)
    {
        if (
            Member(root, "nodes", JsonValueKind.Array) is not { } array
            || Member(root, "links", JsonValueKind.Array) is not { } links
        )
            return null;
        var sourceByLink = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var link in links.EnumerateArray().Where(link => link.ValueKind == JsonValueKind.Array))
            if (link.GetArrayLength() > 1)
                sourceByLink.TryAdd(link[0].ToString(), link[1].ToString());
        return
        [
            .. array
                .EnumerateArray()
                .Where(node => node.ValueKind == JsonValueKind.Object)
                .Select(node => OfWorkflowNode(node, sourceByLink)),
        ];
    }

    private static ComfyNode OfWorkflowNode(JsonElement node, Dictionary<string, string> sourceByLink)
    {
        var type = Text(node, "type") ?? "";
        var inputs = new Dictionary<string, ComfyInput>(StringComparer.Ordinal);
        if (Member(node, "inputs", JsonValueKind.Array) is { } links)
            foreach (var input in links.EnumerateArray().Where(input => input.ValueKind == JsonValueKind.Object))
                if (
                    Text(input, "name") is { } name
                    && input.TryGetProperty("link", out var link)
                    && sourceByLink.TryGetValue(link.ToString(), out var source)
                )
                    inputs[name] = new(default, source);
        if (
            Member(node, "widgets_values", JsonValueKind.Array) is { } values
            && Widgets.TryGetValue(type, out var names)
        )
            foreach (var (name, value) in names.Zip(values.EnumerateArray()))
                if (name is not null)
                    inputs.TryAdd(name, new(value, null));
        return new(node.TryGetProperty("id", out var id) ? id.ToString() : "", type, inputs);
    }

    private static Dictionary<string, ComfyInput> InputsOf(JsonElement inputs)
    {
        var read = new Dictionary<string, ComfyInput>(StringComparer.Ordinal);
        foreach (var input in inputs.EnumerateObject())
            read[input.Name] = new(input.Value, LinkIn(input.Value));
        return read;
    }

    // A link is the source's name and the number of its output.
    private static string? LinkIn(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
        && value.GetArrayLength() == 2
        && value[1].ValueKind == JsonValueKind.Number
        && value[0].ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? string.Create(CultureInfo.InvariantCulture, $"{value[0]}")
            : null;

    private static JsonElement? Member(JsonElement item, string name, JsonValueKind kind) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    private static string? Text(JsonElement item, string name) => Member(item, name, JsonValueKind.String)?.GetString();
}
