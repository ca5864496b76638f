using System.Text;

namespace DasAudit.Evidence.Queries;

/// <summary>
/// A filter as it is asked of the index. Names are compared whole, paths in part, hashes by their beginning.
/// </summary>
internal sealed class IndexFilter
{
    private readonly ReportFilter _filter;
    private readonly ulong _holder;
    private readonly ulong _license;
    private readonly ulong _picture;
    private readonly Hash _pictureHash;
    private readonly Hash _model;
    private readonly Hash _dataset;
    private readonly Hash _image;
    private readonly byte _strength;
    private char[] _text = new char[256];

    internal IndexFilter(ReportFilter filter)
    {
        _filter = filter;
        _holder = IndexKey.OfName(filter.RightsHolder ?? "");
        _license = IndexKey.OfName(filter.License ?? "");
        _picture = IndexKey.Of(filter.Picture ?? "");
        _strength = filter.Strength is { } strength ? (byte)(1 + (int)strength) : (byte)0;
        _pictureHash = Hash.Of(filter.Picture);
        _model = Hash.Of(filter.Model);
        _dataset = Hash.Of(filter.Dataset);
        _image = Hash.Of(filter.Image);
    }

    /// <summary>Whether a report meets all of the filter but its expression.</summary>
    internal bool Meets(in IndexedReport report) =>
        MeetsTimes(report.CreatedMs)
        && (_filter.Model is not { } model || Contains(report.ModelPath, model) || _model.Begins(report.WeightsSha256))
        && (
            _filter.Dataset is not { } dataset
            || Contains(report.DatasetPath, dataset)
            || _dataset.Begins(report.DatasetRoot)
        )
        && (
            _filter.Image is not { } image
            || Contains(report.QueryPath, image)
            || _image.Begins(report.QuerySha256)
            || _image.Begins(report.QueryPixelSha256)
        )
        && (_filter.Method is not { } method || Is(report.Method, method))
        && (_filter.License is null || report.HasLicense(_license))
        && MeetsShares(report)
        && MeetsPictures(report);

    private bool MeetsTimes(long createdMs)
    {
        if (_filter is { From: null, Until: null })
            return true;
        var created = DateTimeOffset.FromUnixTimeMilliseconds(createdMs);
        return (_filter.From is not { } from || created >= from) && (_filter.Until is not { } until || created < until);
    }

    private bool MeetsShares(in IndexedReport report) =>
        (_filter.RightsHolder, _filter.MinimumShare) switch
        {
            (null, null) => true,
            (null, { } least) => report.LargestShare >= least,
            (_, null) => report.HasRightsHolder(_holder),
            (_, { } least) => report.ShareOf(_holder) >= least,
        };

    private bool MeetsPictures(in IndexedReport report) =>
        _filter.Picture is null
            ? report.Strongest >= _strength
            : report.HasPicture(_picture, _pictureHash.Key, _pictureHash.Mask, _strength);

    private bool Contains(ReadOnlySpan<byte> text, string part) =>
        Characters(text).Contains(part, StringComparison.OrdinalIgnoreCase);

    private bool Is(ReadOnlySpan<byte> text, string whole) =>
        Characters(text).Equals(whole, StringComparison.OrdinalIgnoreCase);

    private ReadOnlySpan<char> Characters(ReadOnlySpan<byte> text)
    {
        if (text.Length > _text.Length)
            _text = new char[2 * text.Length];
        return _text.AsSpan(0, Encoding.UTF8.GetChars(text, _text));
    }

    /// <summary>The beginning of a hash, if a text can be one.</summary>
    private readonly record struct Hash(ulong Key, ulong Mask)
    {
        internal static Hash Of(string? text)
        {
            var (key, mask) = IndexKey.OfBeginning(text ?? "");
            return new(key, mask);
        }

        internal bool Begins(ulong hash) => Mask != 0 && (hash & Mask) == Key;
    }
}
