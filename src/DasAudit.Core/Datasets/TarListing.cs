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
    private const string Label = "label";

    private readonly Dictionary<string, List<(string Column, MetadataValue Value)>> _fields = [];
    private readonly Dictionary<string, TarCaptions> _captions = [];
    private readonly CaptionColumns _captionColumns;
    private readonly List<TarMember> _members = [];
    private readonly List<SkippedPicture> _skipped = [];
    private readonly HashSet<string> _names = [];

    private TarListing(PackedFile file, CaptionColumns captions)
    {
        File = file;
        _captionColumns = captions;
    }

    public PackedFile File { get; }

    /// <summary>Pictures, by their names.</summary>
    public IReadOnlyList<TarMember> Members => _members;

    /// <summary>Pictures that cannot be read where they lie.</summary>
    public IReadOnlyList<SkippedPicture> Skipped => _skipped;

    /// <summary>Walks through the file once.</summary>
    /// <param name="captions">The columns with captions.</param>
    public static TarListing Read(PackedFile file, CaptionColumns captions)
    {
        var listing = new TarListing(file, captions);
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
        catch (OverflowException e)
        {
            throw new AuditException($"'{file.Path}' is damaged (a size in it is too large); fetch it again.", e);
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

    /// <summary>The caption files of a sample; null for none.</summary>
    public TarCaptions? CaptionsOf(string key) => _captions.GetValueOrDefault(key);

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
        if (member.Ending is not ("json" or "txt" or "caption" or "cls"))
            return;
        var path = $"{File.Path}#{member.Name}";
        if (member.Length > LongestMetadata)
            throw new AuditException($"'{path}' holds {member.Length} bytes, too many for metadata; shorten it.");
        if (member.Ending is "txt" or "caption" && member.Length > CaptionFile.LongestBytes)
        {
            AddCaption(member, CaptionFile.TooLong(path, member.Length));
            return;
        }

        var bytes = new byte[member.Length];
        entry.DataStream?.ReadExactly(bytes);
        if (member.Ending is "txt" or "caption")
        {
            AddCaption(member, CaptionFile.WholeOf(path, bytes));
            return;
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (!_fields.TryGetValue(member.Key, out var fields))
            _fields.Add(member.Key, fields = []);
        // What stands in a file of its own holds before what JSON says.
        if (member.Ending == "cls")
        {
            fields.RemoveAll(field => IsColumn(field.Column, Label));
            fields.Add((Label, MetadataValue.Of(text)));
            return;
        }

        var place = MetadataPlace.Line(path, 1);
        foreach (var (name, value) in JsonLinesMetadata.Parse(text, _captionColumns, place).Fields)
            if (!fields.Exists(field => IsColumn(field.Column, name)))
                fields.Add((name, value));
    }

    private void AddCaption(TarMember member, CaptionFile file)
    {
        var captions = _captions.GetValueOrDefault(member.Key) ?? new(null, null);
        _captions[member.Key] =
            member.Ending == "txt" ? captions with { TextFile = file } : captions with { CaptionFile = file };
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
