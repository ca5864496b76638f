namespace DasAudit.Core.Pictures.Generation;

/// <summary>A graph of ComfyUI: from the last sampler back to texts, numbers, model and LoRAs.</summary>
internal sealed class ComfyGraph
{
    private static readonly string[] Conditions =
    [
        "conditioning",
        "conditioning_1",
        "conditioning_to",
        "cond1",
        "positive",
        "conditioning_2",
    ];

    private readonly Dictionary<string, ComfyNode> _nodes = new(StringComparer.Ordinal);

    private ComfyGraph(IEnumerable<ComfyNode> nodes)
    {
        foreach (var node in nodes)
            _nodes.TryAdd(node.Id, node);
    }

    /// <summary>What the graph says of a picture; null if nothing in it samples.</summary>
    /// <param name="source">See <see cref="GenerationFacts.Source"/>.</param>
    public static GenerationFacts? Read(IReadOnlyList<ComfyNode> nodes, string source)
    {
        var graph = new ComfyGraph(nodes);
        return graph.LastSampler() is { } sampler ? graph.FactsOf(sampler, source) : null;
    }

    private GenerationFacts FactsOf(ComfyNode sampler, string source)
    {
        var guider = Node(sampler.LinkOf("guider")) ?? sampler;
        var models = Chain(guider.LinkOf("model") ?? sampler.LinkOf("model"), "model").ToList();
        return new()
        {
            Source = source,
            Prompt = TextOf(guider.LinkOf("positive") ?? guider.LinkOf("conditioning"), "positive"),
            Marks = PromptMarks.RoundBrackets,
            NegativePrompt = TextOf(guider.LinkOf("negative"), "negative"),
            Seed = GenerationNumbers.Seed(Value(sampler, "noise", "seed", "noise_seed")),
            Steps = GenerationNumbers.Steps(Value(sampler, "sigmas", "steps")),
            Sampler = Value(sampler, "sampler", "sampler_name"),
            Guidance = GenerationNumbers.Number(Value(guider, "guider", "cfg")),
            Size = SizeOf(sampler),
            Model = models
                .Select(node => node.ValueOf("ckpt_name", "unet_name", "model_name"))
                .FirstOrDefault(name => name is not null),
            Loras = [.. models.Where(node => node.Has("lora_name")).Reverse().Select(LoraOf)],
        };
    }

    // Of several samplers, the one that no other goes on from.
    private ComfyNode? LastSampler()
    {
        List<ComfyNode> samplers = [.. _nodes.Values.Where(IsSampler)];
        var followed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sampler in samplers)
            followed.UnionWith(Before(sampler));
        return samplers.Find(sampler => !followed.Contains(sampler.Id)) ?? samplers.FirstOrDefault();
    }

    private static bool IsSampler(ComfyNode node) =>
        node.Has("guider")
        || (node.LinkOf("positive") is not null && (node.Has("seed") || node.Has("noise_seed") || node.Has("sigmas")));

    private HashSet<string> Before(ComfyNode node)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(node.Links);
        while (open.TryPop(out var id))
            if (seen.Add(id) && _nodes.TryGetValue(id, out var next))
                foreach (var link in next.Links)
                    open.Push(link);
        return seen;
    }

    private ComfyNode? Node(string? id) => id is null ? null : _nodes.GetValueOrDefault(id);

    /// <summary>The nodes from one on, along the input of a name.</summary>
    private IEnumerable<ComfyNode> Chain(string? id, string input)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var node = Node(id); node is not null && seen.Add(node.Id); node = Node(node.LinkOf(input)))
            yield return node;
    }

    /// <summary>A value of a node, or of what feeds it.</summary>
    /// <param name="side">An input with a node of its own for the value.</param>
    private string? Value(ComfyNode node, string side, params ReadOnlySpan<string> names)
    {
        if (node.ValueOf(names) is { } value)
            return value;
        foreach (var name in names)
            if (Node(node.LinkOf(name)) is { } source && source.ValueOf([.. names, "value", "int"]) is { } fed)
                return fed;
        return Node(node.LinkOf(side))?.ValueOf(names);
    }

    /// <summary>The text that a condition comes from.</summary>
    /// <param name="side">positive or negative: where a node has both, the way goes on there.</param>
    private string? TextOf(string? id, string side)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var node = Node(id); node is not null && seen.Add(node.Id); node = Node(Onward(node, side)))
        {
            if (node.Type == "ConditioningZeroOut")
                return "";
            foreach (var input in (string[])["text", "text_g", "t5xxl", "prompt"])
            {
                if (node.ValueOf(input) is { } text)
                    return text;
                if (Node(node.LinkOf(input)) is { } source && StringOf(source) is { } linked)
                    return linked;
            }
        }

        return null;
    }

    private static string? Onward(ComfyNode node, string side) =>
        node.LinkOf(side) ?? Conditions.Select(node.LinkOf).FirstOrDefault(link => link is not null);

    // Nodes that only hold or pass on a text call it by many names.
    private string? StringOf(ComfyNode node)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = node; next is not null && seen.Add(next.Id); next = Node(next.Links.FirstOrDefault()))
            if (next.ValueOf("text", "string", "value", "prompt", "text_0", "String") is { } text)
                return text;
        return null;
    }

    private (int Width, int Height)? SizeOf(ComfyNode sampler) =>
        Chain(sampler.LinkOf("latent_image"), "samples")
            .Select(node => GenerationNumbers.Size(node.ValueOf("width"), node.ValueOf("height")))
            .FirstOrDefault(size => size is not null);

    private static MentionedLora LoraOf(ComfyNode node) =>
        new(node.ValueOf("lora_name") ?? "", GenerationNumbers.Number(node.ValueOf("strength_model")));
}
