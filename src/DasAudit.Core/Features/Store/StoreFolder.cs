using System.Text.RegularExpressions;

namespace DasAudit.Core.Features.Store;

/// <summary>The folder of a store: its shards, and what killed processes left in it.</summary>
/// <param name="shown">The folder as someone wrote it, for messages.</param>
internal sealed partial class StoreFolder(string path, string shown)
{
    public string Shown => shown;

    public string PathOf(string name) => Path.Combine(path, name);

    public string ShownPathOf(string name) => Path.Combine(shown, name);

    /// <summary>What <c>features.json</c> says; null if there is none.</summary>
    public SettingsFile? ReadSettings()
    {
        if (File.Exists(path))
            throw new AuditException($"'{shown}' is a file, where a folder for features is wanted; give another path.");
        return SettingsFile.Read(path, shown);
    }

    /// <summary>Writes <c>features.json</c> where there is none.</summary>
    public void WriteSettings(FeatureSettings settings, FeatureFormat format, string? datasetRoot)
    {
        if (!File.Exists(PathOf(SettingsFile.Name)))
            SettingsFile.Write(path, settings, format, datasetRoot);
    }

    /// <summary>Names of the shards, in ordinal order.</summary>
    public IReadOnlyList<string> ShardNames()
    {
        try
        {
            return Directory.Exists(path) ? [.. Names(ShardName()).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The folder for features '{shown}' cannot be read; check its permissions, or give another folder.",
                e
            );
        }
    }

    /// <summary>Makes the folder, tries to write there, and removes what killed processes left half-written.</summary>
    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(path);
            foreach (var name in Names(LeftoverName()))
                RemoveUnlessOpen(PathOf(name));
            TryWriting();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The folder for features '{shown}' cannot be written to ({Reason(e)}); "
                    + "give another folder, or make room and allow writing there.",
                e
            );
        }
    }

    /// <summary>Whether the folder is there or can be made, and files in it.</summary>
    public bool IsWritable()
    {
        try
        {
            Directory.CreateDirectory(path);
            TryWriting();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RemoveIfEmpty();
            return false;
        }
    }

    public void RemoveIfEmpty()
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>What the system says of a failure, in short.</summary>
    public static string Reason(Exception e) => e.Message.Split(" : '")[0].TrimEnd('.');

    private IEnumerable<string> Names(Regex pattern) =>
        Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Where(name => pattern.IsMatch(name));

    private void TryWriting()
    {
        using var file = new FileStream(
            PathOf($"{SettingsFile.Name}.{Guid.NewGuid():n}.tmp"),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.None,
            bufferSize: 1,
            FileOptions.DeleteOnClose
        );
    }

    // A file that its writer still holds open is locked.
    private static void RemoveUnlessOpen(string path)
    {
        try
        {
            var removal = FileOptions.DeleteOnClose;
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, removal).Dispose();
        }
        catch (IOException) { }
    }

    [GeneratedRegex(@"^[0-9a-f]{16}\.safetensors\z")]
    private static partial Regex ShardName();

    [GeneratedRegex(@"^([0-9a-f]{16}\.safetensors|features\.json)\.[0-9a-f]{32}\.tmp\z")]
    private static partial Regex LeftoverName();
}
