namespace DasAudit.Core.Datasets.Indexes;

/// <summary>Where indexes of datasets are kept: a file for each dataset and way of reading it.</summary>
/// <remarks>
/// A file is replaced as a whole. If two processes write at once, the last wins, which only costs reading again what
/// the other one read.
/// </remarks>
/// <param name="path">The folder, absolute; it is made when an index is first kept.</param>
/// <param name="time">The clock by which files are too new to be known by their times.</param>
public sealed class DatasetIndexFolder(string path, TimeProvider time)
{
    /// <summary>Now, cut to the millisecond, as indexes keep it.</summary>
    internal DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Where an index is kept.</summary>
    internal string PathOf(DatasetIndexKey key) => Path.Combine(path, key.FileName);

    /// <summary>The index that is kept; null for none.</summary>
    /// <param name="damaged">Whether there is a file that is damaged or about something else.</param>
    internal DatasetIndex? Load(DatasetIndexKey key, out bool damaged)
    {
        damaged = false;
        try
        {
            return DatasetIndexFile.Read(PathOf(key), key);
        }
        catch (InvalidDataException)
        {
            damaged = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // None is there, or none that may be read.
        }

        return null;
    }

    /// <summary>Keeps an index; returns why it cannot be kept, or null.</summary>
    internal string? Save(DatasetIndex index)
    {
        try
        {
            DatasetIndexFile.Write(PathOf(index.Key), index);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
