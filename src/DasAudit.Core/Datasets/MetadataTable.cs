using System.Globalization;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>A folder's metadata as in Hugging Face's imagefolder: metadata.jsonl or .csv, in sub-folders too.</summary>
/// <remarks>Names are relative to the file. Case of columns, unknown columns and empty values are ignored.</remarks>
internal static class MetadataTable
{
    public static IReadOnlyList<string> FileNames { get; } = ["metadata.csv", "metadata.jsonl"];

    /// <summary>Reads the metadata that the folder has, by picture path; empty if it has none.</summary>
    public static Dictionary<string, PictureMetadata> Read(string shown, PictureFolder folder)
    {
        var filesByFolder = folder.MetadataFiles.GroupBy(Path.GetDirectoryName);
        var doubled = filesByFolder.FirstOrDefault(files => files.Count() > 1);
        if (doubled is not null)
            throw new AuditException(
                $"'{Path.Combine(shown, doubled.Key!)}' has both metadata.jsonl and metadata.csv; keep one of them."
            );
        var table = new Dictionary<string, PictureMetadata>(StringComparer.Ordinal);
        var pictures = new HashSet<string>(folder.Pictures, StringComparer.Ordinal);
        foreach (var name in folder.MetadataFiles)
        {
            foreach (var record in ReadRecords(Path.Combine(folder.Root, name), name))
            {
                var picture = Locate(record, name, folder, pictures);
                if (!table.TryAdd(picture, Interpret(record, name)))
                    throw Wrong(name, record.Line, $"names '{picture}' a second time; keep one line a picture");
            }
        }

        return table;
    }

    public static AuditException Wrong(string name, long line, string what, Exception? inner = null) =>
        new($"{name}, line {line}, {what}.", inner);

    private static IEnumerable<MetadataRecord> ReadRecords(string path, string name) =>
        name.EndsWith(".csv", StringComparison.Ordinal)
            ? CsvMetadata.Read(path, name)
            : JsonLinesMetadata.Read(path, name);

    private static string Locate(MetadataRecord record, string name, PictureFolder folder, HashSet<string> pictures)
    {
        var file = record["file_name"];
        if (file is null)
            throw Wrong(name, record.Line, "has no file_name; name the picture that the line is about");
        if (file.Contains('\0', StringComparison.Ordinal))
            throw Wrong(name, record.Line, "has a file_name with a zero character; name the picture");
        var full = Path.GetFullPath(file, Path.Combine(folder.Root, Path.GetDirectoryName(name)!));
        var relative = Path.GetRelativePath(folder.Root, full).Replace(Path.DirectorySeparatorChar, '/');
        if (!Path.IsPathRooted(file) && pictures.Contains(relative))
            return relative;
        if (Path.IsPathRooted(file) || !LiesWithin(full, folder.Root))
            throw Wrong(
                name,
                record.Line,
                $"names '{file}', which lies outside the dataset folder; name only pictures within it"
            );
        var problem = File.Exists(full)
            ? "is no picture that the dataset is read with "
                + "(hidden, reached by a linked folder, or of another kind); name a picture"
            : "is not there; add the picture or remove the line";
        throw Wrong(name, record.Line, $"names '{file}', which {problem}");
    }

    private static bool LiesWithin(string path, string root)
    {
        if (path == root || !RealPath.IsInside(path, root))
            return false;
        var real = RealPath.Of(path);
        return real is null || RealPath.IsInside(real, RealPath.Of(root) ?? root);
    }

    public static PictureMetadata Interpret(MetadataRecord record, string name) =>
        new()
        {
            Rights = new()
            {
                License = record["license"],
                RightsHolder = record["rights_holder"],
                Author = record["author"],
                Source = record["source"],
            },
            Title = record["title"],
            Caption = record["caption"],
            Split = record["split"],
            Label = LabelOf(record, name),
        };

    private static int? LabelOf(MetadataRecord record, string name)
    {
        var text = record["label"];
        if (text is null)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var label)
            ? label
            : throw Wrong(
                name,
                record.Line,
                $"has the label '{text}', which is no class index; give a whole number from 0"
            );
    }
}
