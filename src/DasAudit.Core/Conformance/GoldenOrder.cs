using System.Text.Json;
using DasAudit.Core.Files;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>The order in which a reference run put the parameters whose gradients it stored.</summary>
/// <param name="Parameters">The model's parameters in that order.</param>
/// <param name="Source">What states the order, for a person.</param>
internal sealed record GoldenOrder(IReadOnlyList<Tensor> Parameters, string Source)
{
    private const string FileName = "golden.json";

    /// <summary>
    /// The order of a list of a <c>golden.json</c> beside the file; the network's own where there is none, or where it
    /// names no parameter as this network does.
    /// </summary>
    /// <param name="list">The list's name.</param>
    /// <param name="parameters">Those that the gradient is taken in, in the network's order.</param>
    /// <param name="ofAllNetworks">Whether those of text encoders are meant too.</param>
    /// <exception cref="AuditException">
    /// The list names some of the parameters and others that are not there.
    /// </exception>
    public static GoldenOrder Of(
        GoldenTensor tensor,
        string list,
        IReadOnlyList<(string Name, Tensor Parameter)> parameters,
        bool ofAllNetworks
    )
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(tensor.File.Path))!, FileName);
        var entries = Entries(path, list, ofAllNetworks);
        var found = entries.Select(entry => Find(entry, parameters)).ToList();
        if (found.All(parameter => parameter is null))
            return new([.. parameters.Select(named => named.Parameter)], "the network");
        var missing = found.FindIndex(parameter => parameter is null);
        return missing < 0
            ? new([.. found.OfType<Tensor>()], FileName)
            : throw tensor.Wrong(
                $"goes with a {FileName} that names the parameter '{entries[missing].Names[0]}', which the network has "
                    + "not or has several times"
            );
    }

    private static Tensor? Find(Entry entry, IReadOnlyList<(string Name, Tensor Parameter)> parameters)
    {
        foreach (var name in entry.Names)
        {
            if (parameters.FirstOrDefault(named => named.Name == name).Parameter is { } parameter)
                return parameter;
        }

        var candidates = parameters.Where(named => entry.Names.Any(name => Matches(named.Name, name))).ToList();
        return candidates is [var only] ? only.Parameter : null;
    }

    private static bool Matches(string parameter, string name) =>
        LoraParameterName.Of(name) is { } lora
            ? LoraParameterName.Of(parameter)?.IsSame(lora) ?? false
            : parameter.EndsWith($".{name}", StringComparison.Ordinal)
                || name.EndsWith($".{parameter}", StringComparison.Ordinal);

    private static List<Entry> Entries(string path, string list, bool ofAllNetworks)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            using var document = JsonDocuments.Parse(File.ReadAllBytes(path));
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(list, out var entries)
                && entries.ValueKind == JsonValueKind.Array
                ?
                [
                    .. entries
                        .EnumerateArray()
                        .Where(entry => ofAllNetworks || IsOfNetwork(entry))
                        .Select(Entry.Of)
                        .Where(entry => entry.Names.Count > 0),
                ]
                : [];
        }
        catch (JsonException e)
        {
            throw new AuditException($"'{path}' is no correct JSON; correct it, or take it away.", e);
        }
    }

    // Lists of whole pipelines say which part each parameter is of.
    private static bool IsOfNetwork(JsonElement entry) =>
        entry.ValueKind != JsonValueKind.Object
        || !entry.TryGetProperty("component", out var component)
        || (component.ValueKind == JsonValueKind.String && component.GetString() is "unet" or "transformer");

    /// <summary>A parameter by its names in several styles.</summary>
    private sealed record Entry(IReadOnlyList<string> Names)
    {
        public static Entry Of(JsonElement entry)
        {
            if (entry.ValueKind == JsonValueKind.String)
                return new([entry.GetString()!]);
            if (entry.ValueKind != JsonValueKind.Object)
                return new([]);
            var names = new[] { Text(entry, "name"), Text(entry, "peft"), OfModule(entry) };
            return new([.. names.OfType<string>()]);
        }

        // kohya's own names cannot be split into modules, so the list says the module beside.
        private static string? OfModule(JsonElement entry)
        {
            var (module, key) = (Text(entry, "module"), Text(entry, "file_key"));
            var at = key?.IndexOf(".lora_", StringComparison.Ordinal) ?? -1;
            if (module is null || at < 0)
                return null;
            var name = module + key![at..];
            return Text(entry, "component") is { } component && component != "unet" ? $"{component}.{name}" : name;
        }

        private static string? Text(JsonElement entry, string name) =>
            entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
    }
}
