using System.Text.Json;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>A step of a ComfyUI graph.</summary>
/// <param name="Id">Its name in the graph.</param>
/// <param name="Type">What it does, such as <c>KSampler</c>.</param>
/// <param name="Inputs">Values and links by name.</param>
internal sealed record ComfyNode(string Id, string Type, IReadOnlyDictionary<string, ComfyInput> Inputs)
{
    /// <summary>Nodes that feed this one, in the order of its inputs.</summary>
    public IEnumerable<string> Links => Inputs.Values.Select(input => input.Link).OfType<string>();

    public bool Has(string input) => Inputs.ContainsKey(input);

    /// <summary>The node that feeds an input; null for a value or none.</summary>
    public string? LinkOf(string input) => Inputs.TryGetValue(input, out var found) ? found.Link : null;

    /// <summary>The value of the first of some inputs that has one as text; null for none.</summary>
    public string? ValueOf(params ReadOnlySpan<string> inputs)
    {
        foreach (var input in inputs)
            if (Inputs.TryGetValue(input, out var found) && found.Link is null && found.Text is { } text)
                return text;
        return null;
    }
}

/// <summary>An input of a node: a value, or the node that feeds it.</summary>
internal readonly record struct ComfyInput(JsonElement Value, string? Link)
{
    /// <summary>A text or number; null for anything else.</summary>
    public string? Text =>
        Value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? GenerationJson.TextOf(Value) : null;
}
