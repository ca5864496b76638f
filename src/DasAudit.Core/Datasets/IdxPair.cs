using DasAudit.Abstractions;

namespace DasAudit.Core.Datasets;

/// <summary>The two files of an IDX dataset (the MNIST family's format).</summary>
/// <param name="Images">Absolute path of the images.</param>
/// <param name="Labels">Absolute path of the labels.</param>
/// <param name="Name">File name of the images without <c>.gz</c>.</param>
/// <param name="Split"><c>train</c> or <c>test</c> if the name says so.</param>
internal sealed record IdxPair(string Images, string Labels, string Name, string? Split)
{
    private static readonly string[] ImageEndings = ["images-idx3-ubyte", "images.idx3-ubyte"];
    private static readonly string[] LabelEndings = ["labels-idx1-ubyte", "labels.idx1-ubyte"];

    /// <summary>Finds the pair in a folder or beside an images file; null if there are no IDX images.</summary>
    /// <param name="path">The folder or images file, absolute.</param>
    /// <param name="given">The same as the user named it, for messages.</param>
    /// <param name="options">Which split is wanted or is not.</param>
    /// <exception cref="AuditException">The labels are missing, several sets of images lie there and no split decides, or none is left.</exception>
    public static IdxPair? Find(string path, string given, TrainingSetOptions options)
    {
        var files =
            File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.GetFiles(path)
            : [];
        // An unpacked file stands before its packed double.
        var images = files
            .Where(f => ImageEndings.Any(e => Bare(f).EndsWith(e, StringComparison.Ordinal)))
            .OrderBy(f => f, StringComparer.Ordinal)
            .DistinctBy(Bare)
            .ToList();
        var known = string.Join(", ", images.Select(i => $"'{Path.GetFileName(i)}'"));
        if (options.ExceptSplit is { } except && images.Count > 0)
        {
            images = [.. images.Where(i => SplitOf(Bare(i)) != except)];
            if (images.Count == 0)
                throw new AuditException(
                    $"'{given}' holds no pictures beside those of the split '{except}' ({known}); give the folder that holds the others too."
                );
        }

        if (images.Count > 1)
        {
            var wanted = options.Split ?? "train";
            images = [.. images.Where(i => SplitOf(Bare(i)) == wanted)];
            if (images.Count != 1)
                throw new AuditException(
                    $"'{given}' holds several IDX images files ({known}); give the one to read, or a split (train or test)."
                );
        }

        return images.Count == 0
            ? null
            : new IdxPair(images[0], LabelsOf(images[0]), Bare(images[0]), SplitOf(Bare(images[0])));
    }

    private static string LabelsOf(string images)
    {
        var bare = Bare(images);
        var stem = bare[..^ImageEndings[0].Length];
        var candidates = LabelEndings
            .Select(e => Path.Combine(Path.GetDirectoryName(images)!, stem + e))
            .SelectMany(l => (string[])[l, l + ".gz"]);
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new AuditException(
                $"The labels of '{bare}' are missing; put '{stem}{LabelEndings[0]}' (or .gz) beside it."
            );
    }

    private static string Bare(string path) =>
        Path.GetFileName(path) is var name && name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;

    private static string? SplitOf(string name)
    {
        if (name.Contains("train", StringComparison.OrdinalIgnoreCase))
            return "train";
        return
            name.Contains("t10k", StringComparison.OrdinalIgnoreCase)
            || name.Contains("test", StringComparison.OrdinalIgnoreCase)
            ? "test"
            : null;
    }
}
