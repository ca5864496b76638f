namespace DasAudit.Evidence.Bundles;

/// <summary>
/// Texts of licences that pictures often have, as SPDX's list has them (npm <c>spdx-license-list</c> 6.12.0).
/// </summary>
internal static class LicenseTexts
{
    /// <summary>The text in UTF-8; null where there is none here.</summary>
    /// <param name="id">As SPDX's list spells it.</param>
    internal static byte[]? Find(string id)
    {
        using var stream = typeof(LicenseTexts).Assembly.GetManifestResourceStream(BundleNames.License(id));
        if (stream is null)
            return null;
        using var text = new MemoryStream();
        stream.CopyTo(text);
        return text.ToArray();
    }
}
