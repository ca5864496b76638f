namespace DasAudit.Evidence.Policies;

/// <summary>A picture file that a policy is asked about.</summary>
/// <param name="File">As named.</param>
/// <param name="HasReport">Whether the store holds a report on it.</param>
internal sealed record CheckedPicture(string File, string Sha256, string PixelSha256, bool HasReport)
{
    internal FindingSubject Subject =>
        new()
        {
            File = File,
            PictureSha256 = Sha256,
            PixelSha256 = PixelSha256,
        };
}
