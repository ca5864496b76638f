namespace DasAudit.Core.Datasets;

/// <summary>The two files of an IDX dataset (the MNIST family's format), by absolute paths.</summary>
/// <param name="Name">File name of the images without <c>.gz</c>.</param>
/// <param name="Split"><c>train</c> or <c>test</c> if the name says so.</param>
internal sealed record IdxPair(string Images, string Labels, string Name, string? Split)
{
    private static readonly string[] ImageEndings = ["images-idx3-ubyte", "images.idx3-ubyte"];
    private static readonly string[] LabelEndings = ["labels-idx1-ubyte", "labels.idx1-ubyte"];

    /// <summary>Images files beside it that were left out without being asked for, by their names.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Finds the pair in a folder or beside an images file; null if there are no IDX images.</summary>
    public static IdxPair? Find(string path, string shown, TrainingSetOptions options)
    {
        var images = ImagesAt(path);
        var names = string.Join(", ", images.Select(file => $"'{Path.GetFileName(file)}'"));
        if (options.ExceptSplit is { } except && images.Count > 0)
        {
            images.RemoveAll(file => SplitOf(Unpacked(file)) == except);
            if (images.Count == 0)
                throw new AuditException(
                    $"'{shown}' holds no pictures beside those of the split '{except}' ({names}); "
                        + "give the folder that holds the others too."
                );
        }

        List<string> leftOut = [];
        if (images.Count > 1)
        {
            var split = options.Split ?? "train";
            var others = images.Where(file => SplitOf(Unpacked(file)) != split).ToList();
            images.RemoveAll(others.Contains);
            leftOut = options.Split is null ? others : [];
            if (images.Count != 1)
                throw new AuditException(
                    $"'{shown}' holds several IDX images files ({names}); "
                        + "give the one to read, or a split (train or test)."
                );
        }

        if (images.Count == 0)
            return null;
        var name = Unpacked(images[0]);
        return new IdxPair(images[0], LabelsOf(images[0]), name, SplitOf(name))
        {
            LeftOut = [.. leftOut.Select(Unpacked)],
        };
    }

    private static List<string> ImagesAt(string path)
    {
        string[] files = [];
        if (File.Exists(path))
            files = [path];
        else if (Directory.Exists(path))
            files = Directory.GetFiles(path);
        // An unpacked file stands before its packed double.
        return
        [
            .. files
                .Where(file => ImageEndings.Any(ending => Unpacked(file).EndsWith(ending, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal)
                .DistinctBy(Unpacked),
        ];
    }

    private static string LabelsOf(string images)
    {
        var name = Unpacked(images);
        var stem = name[..^ImageEndings[0].Length];
        var candidates = LabelEndings
            .Select(ending => Path.Combine(Path.GetDirectoryName(images)!, stem + ending))
            .SelectMany(file => (string[])[file, file + ".gz"]);
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new AuditException(
                $"The labels of '{name}' are missing; put '{stem}{LabelEndings[0]}' (or .gz) beside it."
            );
    }

    /// <summary>The file's name without <c>.gz</c>.</summary>
    private static string Unpacked(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
    }

    private static string? SplitOf(string name)
    {
        if (Contains("train"))
            return "train";
        return Contains("t10k") || Contains("test") ? "test" : null;

        bool Contains(string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
    }
}
