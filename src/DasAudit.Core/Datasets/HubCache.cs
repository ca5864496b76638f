namespace DasAudit.Core.Datasets;

/// <summary>Where Hugging Face's hub keeps a repository: blobs, and snapshots of links into them.</summary>
internal static class HubCache
{
    /// <summary>Refuses the folder of the repository, in which every picture would count several times.</summary>
    public static void Refuse(string folder, string shown)
    {
        var snapshots = Path.Combine(folder, "snapshots");
        if (!Directory.Exists(snapshots) || !Directory.Exists(Path.Combine(folder, "blobs")))
            return;
        var names = Directory.GetDirectories(snapshots).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        throw new AuditException(
            $"'{shown}' is a cache of the Hugging Face hub; give one of its snapshots: "
                + $"{string.Join(", ", names.Select(name => $"'{Path.Combine(shown, "snapshots", name!)}'"))}."
        );
    }
}
