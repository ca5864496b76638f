using System.Text.Json;

namespace DasAudit.Core.Pictures.Generation;

/// <summary>
/// An object with the keys of common programs (InvokeAI, Fooocus, NovelAI, SwarmUI, Easy Diffusion, Draw Things,
/// Civitai, diffusers), whose case and word marks do not matter.
/// </summary>
internal sealed class GenerationJson
{
    private static readonly string[] Containers =
    [
        "suiimageparams",
        "meta",
        "metadata",
        "image",
        "parameters",
        "params",
        "generation",
    ];

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

    private GenerationJson(JsonElement root) => Add(root);

    /// <summary>Reads one; null if it states neither prompt nor seed.</summary>
    /// <param name="source">See <see cref="GenerationFacts.Source"/>.</param>
    public static GenerationFacts? Read(JsonElement root, string source)
    {
        var json = new GenerationJson(root);
        if (json.InfoTextOf(source) is { } infoText)
            return infoText;
        var prompt = json.Prompt();
        var seed = GenerationNumbers.Seed(json.Text("seed", "noiseseed"));
        if (prompt is null && seed is null)
            return null;
        return new()
        {
            Source = source,
            Prompt = prompt,
            NegativePrompt = json.Text("negativeprompt", "uc", "negative"),
            Seed = seed,
            Steps = GenerationNumbers.Steps(json.Text("steps", "numinferencesteps", "samplingsteps")),
            Sampler = json.Text("sampler", "samplername", "scheduler"),
            Guidance = GenerationNumbers.Number(json.Text("cfgscale", "guidancescale", "cfg", "guidance", "scale")),
            Size =
                GenerationNumbers.Size(json.Text("width"), json.Text("height"))
                ?? GenerationNumbers.Size(json.Text("size", "resolution")),
            Model = json.Model(),
            Loras = [.. GenerationLoras.Of(json._members)],
        };
    }

    /// <summary>A key without case and marks between its words.</summary>
    public static string Normal(string key) => string.Concat(key.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The text of a value: a string, a number, or the name in an object; null for anything else.</summary>
    public static string? TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Object => NameIn(value),
            _ => null,
        };

    // The outer members hold before those of what is in them.
    private void Add(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
            _members.TryAdd(Normal(member.Name), member.Value);
        foreach (var member in root.EnumerateObject())
            if (member.Value.ValueKind == JsonValueKind.Object && Containers.Contains(Normal(member.Name)))
                Add(member.Value);
    }

    private GenerationFacts? InfoTextOf(string source) =>
        _members.TryGetValue("parameters", out var text) && text.ValueKind == JsonValueKind.String
            ? InfoText.Read(text.GetString()!, source)
            : null;

    private string? Prompt()
    {
        // InvokeAI 2 weighs several prompts.
        if (_members.TryGetValue("prompt", out var prompts) && prompts.ValueKind == JsonValueKind.Array)
        {
            List<string> texts = [.. prompts.EnumerateArray().Select(PromptIn).OfType<string>()];
            return texts.Count > 0 ? string.Join(", ", texts) : null;
        }

        return Text("positiveprompt", "prompt") ?? (_members.ContainsKey("uc") ? Text("c") : null) ?? Text("caption");
    }

    private string? Model() =>
        Text(
            "modelname",
            "basemodel",
            "sdmodelname",
            "usestablediffusionmodel",
            "modelweights",
            "checkpoint",
            "model",
            "modelhash"
        );

    private string? Text(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (_members.TryGetValue(key, out var value) && TextOf(value) is { } text)
                return text;
        return null;
    }

    private static string? PromptIn(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("prompt", out var prompt)
            ? TextOf(prompt)
            : TextOf(item);

    private static string? NameIn(JsonElement value)
    {
        foreach (var key in (string[])["name", "model_name"])
            if (value.TryGetProperty(key, out var name) && name.ValueKind == JsonValueKind.String)
                return name.GetString();
        return null;
    }
}
