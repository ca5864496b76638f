using System.Formats.Tar;
using System.Text;
using DasAudit.Core.Datasets.Metadata;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Datasets;

/// <summary>What lies in one tar file.</summary>
internal sealed class TarListing
{
    private const int BlockLength = 512;
    private const int LongestMetadata = 1 << 24;

    private readonly Dictionary<string, List<(string Column, MetadataValue Value)>> _fields = [];
    private readonly List<TarMember> _members = [];
    private readonly List<SkippedPicture> _skipped = [];
    private readonly HashSet<string> _names = [];

    private TarListing(PackedFile file) => File = file;

    public PackedFile File { get; }

    /// <summary>Pictures, by their names.</summary>
    public IReadOnlyList<TarMember> Members => _members;

    /// <summary>Pictures that cannot be read where they lie.</summary>
    public IReadOnlyList<SkippedPicture> Skipped => _skipped;

    /// <summary>Walks through the file once.</summary>
    public static TarListing Read(PackedFile file)
    {
        var listing = new TarListing(file);
        using var stream = file.Open();
        try
        {
            using var reader = new TarReader(stream, leaveOpen: true);
            var end = 0L;
            while (reader.GetNextEntry() is { } entry)
            {
                listing.Add(entry);
                var length = (entry.Length + BlockLength - 1) / BlockLength * BlockLength;
                end = Math.Max(end, entry.DataOffset + length);
            }

            // A whole tar file ends with blocks of zeros.
            if (stream.Length < end + BlockLength)
                throw EndsTooEarly(file);
        }
        catch (EndOfStreamException e)
        {
            throw EndsTooEarly(file, e);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or ArgumentException)
        {
            throw new AuditException($"'{file.Path}' is damaged or no tar file ({e.Message}); fetch it again.", e);
        }

        return listing;
    }

    public static AuditException EndsTooEarly(PackedFile file, Exception? inner = null) =>
        new($"'{file.Path}' is a tar file that ends too early; fetch it again.", inner);

    /// <summary>What stands beside the pictures of a sample; null for nothing.</summary>
    public MetadataRecord? RecordOf(string key) =>
        _fields.TryGetValue(key, out var fields) ? new(MetadataPlace.Line($"{File.Path}#{key}", 1), fields) : null;

    private void Add(TarEntry entry)
    {
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        var steps = name.Split('/');
        if (steps.Any(step => step.StartsWith('.') && step != ".."))
            return;
        var isPicture = PictureFormat.LooksLikePicture(name);
        var isFile =
            entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile
            && !IsSparse(entry);
        if (!isFile || name.StartsWith('/') || steps.Contains(".."))
        {
            if (isPicture)
                Skip(name, isFile ? "has a name that leads out of the tar file" : "is a link or no plain file");
            return;
        }

        var member = new TarMember(name, entry.DataOffset, entry.Length);
        if (isPicture)
        {
            if (!_names.Add(name))
                throw new AuditException(
                    $"'{File.Path}' holds '{name}' twice; write the tar file again with each picture once."
                );
            _members.Add(member);
        }
        else
        {
            AddMetadata(member, entry);
        }
    }

    private void AddMetadata(TarMember member, TarEntry entry)
    {
        var column = member.Ending switch
        {
            "json" => "",
            "txt" or "caption" => "caption",
            "cls" => "label",
            _ => null,
        };
        if (column is null)
            return;
        var path = $"{File.Path}#{member.Name}";
        if (member.Length > LongestMetadata)
            throw new AuditException($"'{path}' holds {member.Length} bytes, too many for metadata; shorten it.");
        var bytes = new byte[member.Length];
        entry.DataStream?.ReadExactly(bytes);
        var text = Encoding.UTF8.GetString(bytes);
        if (!_fields.TryGetValue(member.Key, out var fields))
            _fields.Add(member.Key, fields = []);
        // What stands in a file of its own is what the model was trained with, and holds before what JSON says.
        if (column.Length > 0)
        {
            fields.RemoveAll(field => IsColumn(field.Column, column));
            fields.Add((column, MetadataValue.Of(text)));
            return;
        }

        foreach (var (name, value) in JsonLinesMetadata.Parse(text, MetadataPlace.Line(path, 1)).Fields)
            if (!fields.Exists(field => IsColumn(field.Column, name)))
                fields.Add((name, value));
    }

    private static bool IsColumn(string name, string column) => name.Equals(column, StringComparison.OrdinalIgnoreCase);

    private void Skip(string name, string why)
    {
        var path = $"{File.Path}#{name}";
        _skipped.Add(new(path, $"'{path}' {why}; put the picture itself into the tar file."));
    }

    private static bool IsSparse(TarEntry entry) =>
        entry is PaxTarEntry pax
        && pax.ExtendedAttributes.Keys.Any(key => key.StartsWith("GNU.sparse", StringComparison.Ordinal));
}
