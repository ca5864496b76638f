using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Platforms;

namespace DasAudit.Clip;

/// <summary>The files that hold an encoder's graph and weights.</summary>
/// <param name="Model">The ONNX model, absolute.</param>
/// <param name="External">The files that it refers to, absolute, each once.</param>
internal sealed record EncoderWeights(string Model, IReadOnlyList<string> External)
{
    /// <summary>Finds the files of a model and refuses what is missing, or is no file of its folder.</summary>
    public static EncoderWeights Of(string model)
    {
        var folder = Path.GetDirectoryName(model)!;
        if (GitLfsPointer.IsFile(model))
            throw GitLfsPointer.Refuse(model);
        // Those of the usual names come first, in the order in which hashes of earlier versions have them.
        string[] usual = [model + "_data", model + ".data"];
        var external = Locations(model)
            .Select(location => PathOf(location, folder, model))
            .Distinct()
            .OrderBy(path => usual.Contains(path) ? Array.IndexOf(usual, path) : usual.Length)
            .ToList();
        if (external.Find(GitLfsPointer.IsFile) is { } pointer)
            throw GitLfsPointer.Refuse(pointer);
        return new EncoderWeights(model, external);
    }

    /// <summary>SHA-256 over the model, its external weights and the settings that decide the numbers.</summary>
    public string Hash(string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"das-audit/encoder/1\n{settings}\n"));
        foreach (var part in (string[])[Model, .. External])
        {
            using var file = File.OpenRead(part);
            hash.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IReadOnlyCollection<string> Locations(string model)
    {
        try
        {
            return OnnxExternalData.LocationsIn(model);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new AuditException(
                $"'{model}' is no ONNX model that can be run ({e.Message}); export or download the encoder again.",
                e
            );
        }
    }

    private static string PathOf(string location, string folder, string model)
    {
        var isPlain = location.Length > 0 && !location.Contains('\0', StringComparison.Ordinal);
        var path = isPlain ? Path.GetFullPath(location, folder) : folder;
        var root = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        var isWithin = path.StartsWith(root, Platform.Current.NameComparison) && path.Length > root.Length;
        if (Path.IsPathRooted(location) || !isWithin)
            throw new AuditException(
                $"'{model}' refers to weights outside its folder ('{location}'); give a model whose weights lie "
                    + "beside it."
            );
        return File.Exists(path)
            ? path
            : throw new AuditException(
                $"'{model}' keeps weights in '{location}', which is not there; put that file where the model is."
            );
    }
}
