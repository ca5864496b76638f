using System.Runtime.InteropServices;
using DasAudit.Safetensors;
using Microsoft.Win32.SafeHandles;

namespace DasAudit.Core.Features.Store;

/// <summary>The file of a shard: which tensors it holds, and their bytes. Thread-safe.</summary>
internal sealed class ShardFile
{
    private readonly string _path;
    private readonly Dictionary<string, SafetensorsInfo> _tensors;
    private readonly Lock _verifying = new();
    private bool _verified;

    private ShardFile(string path, string shown, SafetensorsFile file)
    {
        (_path, Shown, Metadata) = (path, shown, file.Metadata);
        _tensors = file.Names.ToDictionary(name => name, file.Get, StringComparer.Ordinal);
    }

    /// <summary>The path for messages.</summary>
    public string Shown { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public string Name => Path.GetFileName(_path);

    public long Bytes => _tensors.Values.Max(tensor => tensor.Offset + tensor.Length);

    /// <summary>Reads the header of a file.</summary>
    public static ShardFile Open(string path, string shown)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            return file.Names.Count > 0 ? new(path, shown, file) : throw Damaged(shown);
        }
        catch (AuditException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(shown, e.InnerException);
        }
        catch (AuditException)
        {
            throw Damaged(shown);
        }
    }

    /// <summary>Verifies the checksum, once.</summary>
    public void Verify()
    {
        lock (_verifying)
        {
            if (_verified)
                return;
            var headerLength = (int)_tensors.Values.Min(tensor => tensor.Offset);
            try
            {
                _verified = ShardChecksum.Holds(_path, headerLength);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unreadable(Shown, e);
            }

            if (!_verified)
                throw Damaged();
        }
    }

    public bool Holds(string name) => _tensors.ContainsKey(name);

    /// <summary>Type, shape and place of a tensor; refused where it is missing or a single number.</summary>
    public SafetensorsInfo Info(string name) =>
        _tensors.TryGetValue(name, out var info) && info.Shape.Count > 0 ? info : throw Damaged();

    /// <summary>Opens the file for <see cref="Read"/>; the caller disposes the handle.</summary>
    public SafeFileHandle OpenHandle()
    {
        try
        {
            return File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Shown, e);
        }
    }

    /// <summary>Fills a span with values of a tensor.</summary>
    /// <param name="offset">Where the first of them lies in the file, in bytes.</param>
    public void Read<T>(SafeFileHandle handle, Span<T> values, long offset)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        try
        {
            while (bytes.Length > 0)
            {
                var count = RandomAccess.Read(handle, bytes, offset);
                if (count == 0)
                    throw Damaged();
                bytes = bytes[count..];
                offset += count;
            }
        }
        catch (IOException e)
        {
            throw Unreadable(Shown, e);
        }
    }

    public AuditException Damaged() => Damaged(Shown);

    private static AuditException Damaged(string shown) =>
        new(
            $"'{shown}' is damaged or no shard of features; delete that file, "
                + "and the next run computes its pictures anew."
        );

    private static AuditException Unreadable(string shown, Exception e) =>
        new($"'{shown}' cannot be read; check that it is a file you may read.", e);
}
