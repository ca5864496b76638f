using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Clip;

/// <summary>Where the parts of an encoder lie.</summary>
/// <param name="Model">The ONNX model, absolute.</param>
/// <param name="Folders">Where what belongs to it lies: beside it, then above if it lies in a known sub-folder.</param>
/// <param name="Name">For reports.</param>
internal sealed record EncoderFiles(string Model, IReadOnlyList<string> Folders, string Name)
{
    private const string HubPrefix = "models--";
    private static readonly string[] Preferred = ["vision_model.onnx", "model.onnx"];
    private static readonly string[] ImageWords = ["vision", "visual", "image"];

    /// <summary>transformers.js and optimum, Immich.</summary>
    private static readonly string[] SubFolders = ["onnx", "visual"];

    /// <summary>
    /// Finds the parts in a folder as exporters lay it out: <c>vision_model.onnx</c> before <c>model.onnx</c> before
    /// the only other <c>.onnx</c> file, or the only one with vision, visual or image in its name; each in the folder
    /// itself before its <c>onnx</c> and <c>visual</c> sub-folders. What belongs to the model lies beside it or, if it
    /// lies in such a sub-folder, one folder up. Links are not followed in this: what belongs to a linked model lies
    /// beside the link, as in the cache of the Hugging Face hub.
    /// </summary>
    public static EncoderFiles Find(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var model = File.Exists(full) ? full : FindModel(path, full);
        var beside = Path.GetDirectoryName(model)!;
        string[] folders =
            SubFolders.Contains(Path.GetFileName(beside)) && Path.GetDirectoryName(beside) is { } above
                ? [beside, above]
                : [beside];
        return new EncoderFiles(model, folders, NameOf(folders));
    }

    /// <summary>A file that belongs to the model, relative to the outermost folder.</summary>
    public string Shown(string path) => Path.GetRelativePath(Folders[^1], path);

    private static string FindModel(string given, string folder)
    {
        if (!Directory.Exists(folder))
            throw new AuditException(
                $"The encoder '{given}' does not exist; give a folder with an ONNX model, or the .onnx file."
            );
        string[] folders = [folder, .. SubFolders.Select(name => Path.Combine(folder, name))];
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

    /// <summary>What a config.json calls the encoder, else its name on the hub, else the folder's own.</summary>
    private static string NameOf(string[] folders)
    {
        var configs = folders.Select(folder => Path.Combine(folder, "config.json")).Where(File.Exists);
        var named = configs.Select(NameIn).OfType<string>().FirstOrDefault();
        return named ?? NameOnHub(folders[^1]) ?? Path.GetFileName(folders[^1]);
    }

    /// <summary>Of <c>models--OWNER--NAME/snapshots/COMMIT</c>; null elsewhere.</summary>
    private static string? NameOnHub(string folder)
    {
        var snapshots = Path.GetDirectoryName(folder);
        var repository = Path.GetFileName(Path.GetDirectoryName(snapshots)) ?? "";
        var isOnHub =
            Path.GetFileName(snapshots) == "snapshots" && repository.StartsWith(HubPrefix, StringComparison.Ordinal);
        return isOnHub ? repository[HubPrefix.Length..].Replace("--", "/", StringComparison.Ordinal) : null;
    }

    private static string? NameIn(string configPath)
    {
        try
        {
            using var config = JsonDocuments.Parse(File.ReadAllBytes(configPath));
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
