using System.Globalization;

namespace DasAudit.Core.Audits;

/// <summary>The pictures to audit.</summary>
/// <param name="Readable">At least one.</param>
/// <param name="Refused">Those that cannot be read.</param>
internal sealed record QueryPictures(IReadOnlyList<QueryPicture> Readable, IReadOnlyList<RefusedPicture> Refused)
{
    /// <exception cref="AuditException">There are pictures, and none can be read.</exception>
    public static QueryPictures Read(AuditRequest request)
    {
        var readable = new List<QueryPicture>();
        var refused = new List<RefusedPicture>();
        foreach (var (index, path) in request.Inputs.Images.Index())
        {
            try
            {
                readable.Add(QueryPicture.Read(request, path, index));
            }
            catch (AuditException e) when (request.Inputs.Images.Count > 1)
            {
                refused.Add(new(path, e.Message));
            }
        }

        if (refused.Count > 0 && readable.Count == 0)
            throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"None of the {refused.Count} pictures can be audited. The first: {refused[0].Reason}"
                )
            );
        return new(readable, refused);
    }
}
