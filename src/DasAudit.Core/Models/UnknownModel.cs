using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Models;

/// <summary>Says what a path is that no adapter recognises as its model, by its names and its small files.</summary>
public static class UnknownModel
{
    private const string Index = "model_index.json";
    private const string Config = "config.json";

    private static readonly (string Ending, string What)[] Files =
    [
        (".ckpt", "a pickle of PyTorch weights, which may run any code when it is read"),
        (".pt", "a pickle of PyTorch weights, which may run any code when it is read"),
        (".pth", "a pickle of PyTorch weights, which may run any code when it is read"),
        (".bin", "a pickle of PyTorch weights, which may run any code when it is read"),
        (".gguf", "a file of quantised weights (GGUF)"),
        (".onnx", "an ONNX graph, as image encoders are"),
        (".json", "a configuration file; a model is the folder that holds it"),
        (".zip", "an archive; a model is the folder that is in it"),
        (".tar", "an archive; a model is the folder that is in it"),
        (".gz", "an archive; a model is the folder that is in it"),
    ];

    private static readonly string[] Configurations = [Index, Config];

    /// <summary>Such as <c>a StableDiffusionPipeline (scheduler, unet, vae)</c>; null if nothing is known.</summary>
    /// <param name="path">A folder or file.</param>
    /// <exception cref="AuditException">A file that would say it is a Git LFS pointer.</exception>
    public static string? Describe(string path)
    {
        try
        {
            return Directory.Exists(path) ? OfFolder(path) : OfFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string? OfFolder(string folder)
    {
        var entries = Directory.GetFileSystemEntries(folder);
        if (entries.Length == 0)
            return "an empty folder";
        if (Read(Path.Combine(folder, Index)) is { } index)
            return OfPipeline(index);
        if (File.Exists(Path.Combine(folder, "adapter_config.json")))
            return WeightsKind.Lora;
        if (Read(Path.Combine(folder, Config)) is { } config)
            return OfConfig(config);
        if (Directory.Exists(Path.Combine(folder, "snapshots")))
            return "a folder of the Hugging Face cache; a model is a folder in its 'snapshots'";
        if (Parts(folder) is { Count: > 0 } parts)
            return $"a folder that holds {string.Join(", ", parts)}";
        var weights = entries.Where(IsWeights).MaxBy(file => new FileInfo(file).Length);
        return weights is null ? null : $"a folder with '{Path.GetFileName(weights)}', {OfFile(weights)}";
    }

    private static string OfPipeline(JsonElement index)
    {
        var parts = index
            .EnumerateObject()
            .Where(entry => !entry.Name.StartsWith('_') && IsPart(entry.Value))
            .Select(entry => entry.Name)
            .ToList();
        var name = Text(index, "_class_name") ?? "pipeline without a name";
        return parts.Count == 0 ? $"a {name}" : $"a {name} ({string.Join(", ", parts)})";
    }

    private static string? OfConfig(JsonElement config)
    {
        if (Text(config, "_class_name") is { } name)
            return $"a {name}";
        var isList =
            config.TryGetProperty("architectures", out var classes) && classes.ValueKind == JsonValueKind.Array;
        return isList ? $"a model of the library transformers ({string.Join(", ", classes.EnumerateArray())})" : null;
    }

    private static string OfFile(string file)
    {
        if (GitLfsPointer.IsFile(file))
            throw GitLfsPointer.Refuse(file);
        if (file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            return WeightsKind.Of(file);
        var known = Array.Find(Files, known => file.EndsWith(known.Ending, StringComparison.OrdinalIgnoreCase));
        return known.What ?? "a file; a model is the folder of a checkpoint";
    }

    // Folders within that say what they are.
    private static List<string> Parts(string folder) =>
        [
            .. Directory
                .EnumerateDirectories(folder)
                .Where(inner => Configurations.Any(name => File.Exists(Path.Combine(inner, name))))
                .Order(StringComparer.Ordinal)
                .Select(inner => (Name: Path.GetFileName(inner), Kind: OfFolder(inner)))
                .Select(part => part.Kind is null ? $"'{part.Name}'" : $"'{part.Name}', {part.Kind}"),
        ];

    private static bool IsWeights(string path) =>
        path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
        || Files.Take(4).Any(kind => path.EndsWith(kind.Ending, StringComparison.OrdinalIgnoreCase));

    private static JsonElement? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        if (GitLfsPointer.IsFile(path))
            throw GitLfsPointer.Refuse(path);
        using var json = JsonDocuments.Parse(File.ReadAllBytes(path));
        return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
    }

    private static bool IsPart(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String);

    private static string? Text(JsonElement json, string key) =>
        json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
