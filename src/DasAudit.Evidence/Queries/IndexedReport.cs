using System.Buffers.Binary;
using System.Text;

namespace DasAudit.Evidence.Queries;

/// <summary>
/// What the index holds of a report: what a list shows, and what a filter asks for. Numbers are little-endian, texts
/// UTF-8 after their length as <see cref="BinaryWriter"/> writes it. Names and hashes stand as <see cref="IndexKey"/>,
/// pictures with a key of their path, of their SHA-256, of their pixel hash, and their evidence word.
/// </summary>
internal ref struct IndexedReport
{
    private const int KeyLength = sizeof(ulong);
    private const int GroupLength = KeyLength + sizeof(double);
    private const int PictureLength = 3 * KeyLength + 1;
    private const string RightsHolderKey = "rights-holder";

    /// <summary>Reads a frame of a report.</summary>
    internal IndexedReport(ReadOnlySpan<byte> frame)
    {
        var unread = frame[IndexFrame.HeadLength..^IndexFrame.TailLength];
        Id = Text(ref unread);
        CreatedMs = BinaryPrimitives.ReadInt64LittleEndian(Bytes(ref unread, sizeof(long)));
        LargestShare = BinaryPrimitives.ReadDoubleLittleEndian(Bytes(ref unread, sizeof(double)));
        Strongest = Bytes(ref unread, 1)[0];
        QueryPath = Text(ref unread);
        QuerySha256 = Key(ref unread);
        QueryPixelSha256 = Key(ref unread);
        ModelPath = Text(ref unread);
        WeightsSha256 = Key(ref unread);
        DatasetPath = Text(ref unread);
        DatasetRoot = Key(ref unread);
        Method = Text(ref unread);
        Group = Text(ref unread);
        GroupShare = BinaryPrimitives.ReadDoubleLittleEndian(Bytes(ref unread, sizeof(double)));
        RightsHolders = List(ref unread, KeyLength);
        Licenses = List(ref unread, KeyLength);
        Groups = List(ref unread, GroupLength);
        Pictures = List(ref unread, PictureLength);
    }

    internal ReadOnlySpan<byte> Id { get; }

    internal long CreatedMs { get; }

    /// <summary>The largest share of any group; −1 without groups.</summary>
    internal double LargestShare { get; }

    /// <summary>The strongest evidence word of a listed picture: 0 where there is none, else 1 more than it.</summary>
    internal byte Strongest { get; }

    internal ReadOnlySpan<byte> QueryPath { get; }

    internal ulong QuerySha256 { get; }

    internal ulong QueryPixelSha256 { get; }

    internal ReadOnlySpan<byte> ModelPath { get; }

    internal ulong WeightsSha256 { get; }

    internal ReadOnlySpan<byte> DatasetPath { get; }

    internal ulong DatasetRoot { get; }

    internal ReadOnlySpan<byte> Method { get; }

    internal ReadOnlySpan<byte> Group { get; }

    internal double GroupShare { get; }

    // Of the listed pictures, but for those that have a share.
    private ReadOnlySpan<byte> RightsHolders { get; }

    private ReadOnlySpan<byte> Licenses { get; }

    private ReadOnlySpan<byte> Groups { get; }

    private ReadOnlySpan<byte> Pictures { get; }

    internal readonly bool HasLicense(ulong key) => Holds(Licenses, key);

    /// <summary>Whether a rights holder has a listed picture or a share.</summary>
    internal readonly bool HasRightsHolder(ulong key) => Holds(RightsHolders, key) || ShareOf(key) is not null;

    /// <summary>The largest share of a rights holder; null where it has none.</summary>
    internal readonly double? ShareOf(ulong key)
    {
        double? share = null;
        for (var at = 0; at < Groups.Length; at += GroupLength)
            if (KeyAt(Groups, at) == key)
                share = Math.Max(share ?? 0, BinaryPrimitives.ReadDoubleLittleEndian(Groups[(at + KeyLength)..]));
        return share;
    }

    /// <summary>Whether a picture is listed whose path, or the beginning of whose hashes, this is.</summary>
    /// <param name="path">Key of the path.</param>
    /// <param name="hash">Key of the beginning of a hash.</param>
    /// <param name="mask">The bits of that; 0 for no hash.</param>
    /// <param name="strength">The least word, as in <see cref="Strongest"/>; 0 for any.</param>
    internal readonly bool HasPicture(ulong path, ulong hash, ulong mask, byte strength)
    {
        for (var at = 0; at < Pictures.Length; at += PictureLength)
        {
            if (Pictures[at + 3 * KeyLength] < strength)
                continue;
            if (KeyAt(Pictures, at) == path)
                return true;
            if (mask == 0)
                continue;
            var isFile = (KeyAt(Pictures, at + KeyLength) & mask) == hash;
            var isPixels = (KeyAt(Pictures, at + 2 * KeyLength) & mask) == hash;
            if (isFile || isPixels)
                return true;
        }

        return false;
    }

    internal readonly ReportSummary Summary() =>
        new(
            Encoding.UTF8.GetString(Id),
            DateTimeOffset.FromUnixTimeMilliseconds(CreatedMs),
            Encoding.UTF8.GetString(QueryPath),
            Encoding.UTF8.GetString(ModelPath),
            Encoding.UTF8.GetString(Method),
            LargestShare < 0 ? null : Encoding.UTF8.GetString(Group),
            GroupShare
        );

    internal static void Write(BinaryWriter writer, AuditReport report)
    {
        var summary = ReportSummary.Of(report);
        writer.Write(report.Id);
        writer.Write(report.CreatedUtc.ToUnixTimeMilliseconds());
        writer.Write(report.Groups.Select(group => group.Share).DefaultIfEmpty(-1).Max());
        writer.Write(report.Attributions.Select(Word).DefaultIfEmpty((byte)0).Max());
        writer.Write(report.Query.Path);
        writer.Write(IndexKey.OfHash(report.Query.Sha256));
        writer.Write(IndexKey.OfHash(report.Query.PixelSha256));
        writer.Write(report.Model.Path);
        writer.Write(IndexKey.OfHash(report.Model.WeightsSha256));
        writer.Write(report.Dataset.Path);
        writer.Write(IndexKey.OfHash(report.Dataset.Root));
        writer.Write(report.Method.Id);
        writer.Write(summary.Group ?? "");
        writer.Write(summary.Share);
        var groups = report.GroupedBy == RightsHolderKey ? report.Groups : [];
        var holders = report.Attributions.Select(picture => picture.RightsHolder);
        WriteNames(writer, holders.Except(groups.Select(group => group.Key), StringComparer.OrdinalIgnoreCase));
        WriteNames(writer, report.Attributions.Select(picture => picture.License));
        WriteGroups(writer, groups);
        WritePictures(writer, report.Attributions);
    }

    private static byte Word(AttributedPicture picture) =>
        picture.Strength is { } strength ? (byte)(1 + (int)strength) : (byte)0;

    private static void WriteNames(BinaryWriter writer, IEnumerable<string?> names)
    {
        var keys = names.OfType<string>().Select(IndexKey.OfName).Distinct().Order().ToList();
        writer.Write(keys.Count * KeyLength);
        keys.ForEach(writer.Write);
    }

    private static void WriteGroups(BinaryWriter writer, IReadOnlyList<GroupShare> groups)
    {
        writer.Write(groups.Count * GroupLength);
        foreach (var group in groups)
        {
            writer.Write(IndexKey.OfName(group.Key));
            writer.Write(group.Share);
        }
    }

    private static void WritePictures(BinaryWriter writer, IReadOnlyList<AttributedPicture> pictures)
    {
        writer.Write(pictures.Count * PictureLength);
        foreach (var picture in pictures)
        {
            writer.Write(IndexKey.Of(picture.Item));
            writer.Write(IndexKey.OfHash(picture.Sha256));
            writer.Write(IndexKey.OfHash(picture.PixelSha256));
            writer.Write(Word(picture));
        }
    }

    private static bool Holds(ReadOnlySpan<byte> keys, ulong key)
    {
        for (var at = 0; at < keys.Length; at += KeyLength)
            if (KeyAt(keys, at) == key)
                return true;
        return false;
    }

    private static ulong KeyAt(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static ReadOnlySpan<byte> Text(scoped ref ReadOnlySpan<byte> unread)
    {
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var digit = Bytes(ref unread, 1)[0];
            length |= (digit & 0x7F) << shift;
            if (digit < 0x80)
                return Bytes(ref unread, length);
        }
    }

    private static ulong Key(scoped ref ReadOnlySpan<byte> unread) => KeyAt(Bytes(ref unread, KeyLength), 0);

    private static ReadOnlySpan<byte> List(scoped ref ReadOnlySpan<byte> unread, int item)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(Bytes(ref unread, sizeof(int)));
        return length % item == 0 ? Bytes(ref unread, length) : throw new InvalidDataException("The list is cut.");
    }

    private static ReadOnlySpan<byte> Bytes(scoped ref ReadOnlySpan<byte> unread, int length)
    {
        if (length < 0 || length > unread.Length)
            throw new InvalidDataException("The frame is too short.");
        var bytes = unread[..length];
        unread = unread[length..];
        return bytes;
    }
}
