using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DasAudit.Clip;

/// <summary>Where the parts of an encoder lie.</summary>
/// <param name="Preprocessor">Its <c>preprocessor_config.json</c>, absolute; null if there is none.</param>
internal sealed record EncoderFiles(string Model, string? Preprocessor, string Name)
{
    private static readonly string[] Preferred = ["vision_model.onnx", "model.onnx"];
    private static readonly string[] ImageWords = ["vision", "visual", "image"];

    /// <summary>
    /// Finds the parts in a folder as exporters lay it out: <c>vision_model.onnx</c> before <c>model.onnx</c> before
    /// the only other <c>.onnx</c> file, or the only one with vision, visual or image in its name; each in the folder
    /// itself before its <c>onnx</c> sub-folder. The configuration lies beside the model or one folder up.
    /// </summary>
    public static EncoderFiles Find(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var model = File.Exists(full) ? full : FindModel(path, full);
        var beside = Path.GetDirectoryName(model)!;
        string[] folders = Path.GetFileName(beside) == "onnx" ? [beside, Path.GetDirectoryName(beside)!] : [beside];
        var preprocessor = folders.Select(f => Path.Combine(f, "preprocessor_config.json")).FirstOrDefault(File.Exists);
        return new EncoderFiles(model, preprocessor, NameOf(folders));
    }

    /// <summary>SHA-256 over the model, its external weights and the settings that decide the numbers.</summary>
    public string Hash(string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"das-audit/encoder/1\n{settings}\n"));
        string[] parts = [Model, Model + "_data", Model + ".data"];
        foreach (var part in parts.Where(File.Exists))
        {
            using var file = File.OpenRead(part);
            hash.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string FindModel(string given, string folder)
    {
        if (!Directory.Exists(folder))
            throw new AuditException(
                $"The encoder '{given}' does not exist; give a folder with an ONNX model, or the .onnx file."
            );
        string[] folders = [folder, Path.Combine(folder, "onnx")];
        var models = folders
            .Where(Directory.Exists)
            .SelectMany(path => Directory.GetFiles(path, "*.onnx").Order(StringComparer.Ordinal))
            .ToList();
        if (models.Count == 0)
            throw new AuditException(
                $"'{given}' holds no .onnx file; give a folder with an ONNX image encoder, or the .onnx file."
            );
        var preferred = Preferred
            .SelectMany(name => models.Where(path => Path.GetFileName(path) == name))
            .FirstOrDefault();
        if (preferred is not null)
            return preferred;
        if (models.Count == 1)
            return models[0];
        var ofImages = models.Where(IsNamedForImages).ToList();
        if (ofImages.Count == 1)
            return ofImages[0];
        var names = string.Join(", ", models.Select(path => Path.GetRelativePath(folder, path)));
        throw new AuditException($"'{given}' holds several .onnx files ({names}); give the one to use.");
    }

    private static bool IsNamedForImages(string path) =>
        ImageWords.Any(word => Path.GetFileName(path).Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a config.json calls the encoder, else the folder's own name.</summary>
    private static string NameOf(string[] folders)
    {
        var configs = folders.Select(folder => Path.Combine(folder, "config.json")).Where(File.Exists);
        return configs.Select(NameIn).OfType<string>().FirstOrDefault() ?? Path.GetFileName(folders[^1]);
    }

    private static string? NameIn(string configPath)
    {
        try
        {
            using var config = JsonDocument.Parse(File.ReadAllBytes(configPath));
            foreach (var key in (string[])["name", "_name_or_path"])
            {
                var name = config.RootElement.TryGetProperty(key, out var value) ? value.GetString() : null;
                if (!string.IsNullOrEmpty(name) && !Path.IsPathRooted(name))
                    return name;
            }
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // The name is for reading; the folder's own does as well.
        }

        return null;
    }
}
