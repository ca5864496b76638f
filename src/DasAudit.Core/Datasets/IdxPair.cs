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
    /// <exception cref="AuditException">The labels are missing, or several sets of images lie there and no split decides.</exception>
    public static IdxPair? Find(string path, string? split)
    {
        var files = File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.GetFiles(path) : [];
        // An unpacked file stands before its packed double.
        var images = files.Where(f => ImageEndings.Any(e => Bare(f).EndsWith(e, StringComparison.Ordinal))).OrderBy(f => f, StringComparer.Ordinal).DistinctBy(Bare).ToList();
        if (images.Count > 1)
        {
            var wanted = split ?? "train";
            var known = string.Join(", ", images.Select(i => $"'{Path.GetFileName(i)}'"));
            images = [.. images.Where(i => SplitOf(Bare(i)) == wanted)];
            if (images.Count != 1) throw new AuditException($"'{path}' holds several IDX images files ({known}); give the one to read, or a split (train or test).");
        }

        return images.Count == 0 ? null : new IdxPair(images[0], LabelsOf(images[0]), Bare(images[0]), SplitOf(Bare(images[0])));
    }

    private static string LabelsOf(string images)
    {
        var bare = Bare(images);
        var stem = bare[..^ImageEndings[0].Length];
        var candidates = LabelEndings.Select(e => Path.Combine(Path.GetDirectoryName(images)!, stem + e)).SelectMany(l => (string[])[l, l + ".gz"]);
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new AuditException($"The labels of '{bare}' are missing; put '{stem}{LabelEndings[0]}' (or .gz) beside it.");
    }

    private static string Bare(string path) => Path.GetFileName(path) is var name && name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;

    private static string? SplitOf(string name)
    {
        if (name.Contains("train", StringComparison.OrdinalIgnoreCase)) return "train";
        return name.Contains("t10k", StringComparison.OrdinalIgnoreCase) || name.Contains("test", StringComparison.OrdinalIgnoreCase) ? "test" : null;
    }
}
