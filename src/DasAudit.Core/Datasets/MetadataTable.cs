using System.Globalization;
using DasAudit.Abstractions;
using DasAudit.Core.Files;

namespace DasAudit.Core.Datasets;

/// <summary>
/// The metadata of a dataset folder, as Hugging Face's imagefolder has it: <c>metadata.jsonl</c> or <c>metadata.csv</c> in the folder or in
/// sub-folders; each names pictures relative to where it lies. Column names are compared without case, unknown columns are ignored, and
/// empty values say nothing.
/// </summary>
internal static class MetadataTable
{
    /// <summary>The names that metadata can have.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["metadata.csv", "metadata.jsonl"];

    /// <summary>Reads the metadata that the folder has, by picture path; empty if it has none.</summary>
    /// <param name="given">The dataset as the user named it, for messages.</param>
    /// <param name="folder">What lies in it.</param>
    /// <exception cref="AuditException">There are two metadata files, or a line is wrong; the message gives its number.</exception>
    public static Dictionary<string, MetadataRow> Read(string given, PictureFolder folder)
    {
        var table = new Dictionary<string, MetadataRow>(StringComparer.Ordinal);
        if (folder.MetadataFiles.GroupBy(Path.GetDirectoryName).FirstOrDefault(g => g.Count() > 1) is { } both)
            throw new AuditException(
                $"'{Path.Combine(given, both.Key!)}' has both metadata.jsonl and metadata.csv; keep one of them."
            );
        var pictures = new HashSet<string>(folder.Pictures, StringComparer.Ordinal);
        foreach (var name in folder.MetadataFiles)
        {
            var path = Path.Combine(folder.Root, name);
            foreach (
                var record in name.EndsWith(".csv", StringComparison.Ordinal)
                    ? CsvMetadata.Read(path, name)
                    : JsonLinesMetadata.Read(path, name)
            )
            {
                var file = Locate(record, name, folder, pictures);
                if (!table.TryAdd(file, Row(record, name)))
                    throw Wrong(name, record.Line, $"names '{file}' a second time; keep one line a picture");
            }
        }

        return table;
    }

    /// <summary>An error in a metadata file.</summary>
    public static AuditException Wrong(string name, long line, string what, Exception? inner = null) =>
        new($"{name}, line {line}, {what}.", inner);

    private static string Locate(MetadataRecord record, string name, PictureFolder folder, HashSet<string> pictures)
    {
        if (record["file_name"] is not { } file)
            throw Wrong(name, record.Line, "has no file_name; name the picture that the line is about");
        if (file.Contains('\0', StringComparison.Ordinal))
            throw Wrong(name, record.Line, "has a file_name with a zero character; name the picture");
        var full = Path.GetFullPath(file, Path.Combine(folder.Root, Path.GetDirectoryName(name)!));
        var relative = Path.GetRelativePath(folder.Root, full).Replace(Path.DirectorySeparatorChar, '/');
        if (!Path.IsPathRooted(file) && pictures.Contains(relative))
            return relative;
        if (
            Path.IsPathRooted(file)
            || full == folder.Root
            || !RealPath.IsInside(full, folder.Root)
            || LeadsOut(full, folder.Root)
        )
            throw Wrong(
                name,
                record.Line,
                $"names '{file}', which lies outside the dataset folder; name only pictures within it"
            );
        throw Wrong(
            name,
            record.Line,
            File.Exists(full)
                ? $"names '{file}', which is no picture that the dataset is read with (hidden, reached by a linked folder, or of another kind); name a picture"
                : $"names '{file}', which is not there; add the picture or remove the line"
        );
    }

    private static bool LeadsOut(string path, string root) =>
        RealPath.Of(path) is { } real && !RealPath.IsInside(real, RealPath.Of(root) ?? root);

    private static MetadataRow Row(MetadataRecord record, string name)
    {
        var rights = new Rights
        {
            License = record["license"],
            RightsHolder = record["rights_holder"],
            Author = record["author"],
            Source = record["source"],
        };
        return new MetadataRow(rights, record["title"], record["caption"], record["split"], Label(record, name));
    }

    private static int? Label(MetadataRecord record, string name)
    {
        if (record["label"] is not { } text)
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
