using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using DasAudit.Abstractions;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Safetensors;

/// <summary>
/// Reads tensors from a safetensors file. The header is checked as a whole when the file is opened, so no later call
/// reads outside the file or allocates more than the file holds. Data are read straight into the tensor's memory:
/// unlike a mapping, a file that another program shortens meanwhile gives a sentence, not a crash. Format:
/// https://github.com/huggingface/safetensors.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, SafetensorsInfo> _tensors;

    private SafetensorsFile(string path, SafeFileHandle handle, SafetensorsHeader header)
    {
        Path = path;
        _handle = handle;
        _tensors = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Names = [.. header.Tensors.Select(tensor => tensor.Name)];
        Metadata = header.Metadata;
    }

    /// <summary>The path as given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>Names of all tensors, in the order of their data.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The header's <c>__metadata__</c>; empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AuditException">It is missing, damaged, or holds a type that libtorch lacks.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new SafetensorsFile(path, handle, ReadHeader(path, handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw new AuditException($"'{path}' cannot be read; check that it is a file you may read.", e);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>Looks a tensor up.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out SafetensorsInfo? info) =>
        _tensors.TryGetValue(name, out info);

    /// <summary>Looks a tensor up.</summary>
    /// <exception cref="AuditException">The file has no tensor of this name.</exception>
    public SafetensorsInfo Get(string name) =>
        _tensors.TryGetValue(name, out var info)
            ? info
            : throw new AuditException($"'{Path}' holds no tensor '{name}'; check that it is the right file.");

    /// <summary>Reads a tensor into memory of its own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Element type to convert to; null to keep the stored one.</param>
    /// <returns>A new CPU tensor that the caller disposes.</returns>
    /// <exception cref="AuditException">There is no such tensor, or the file has changed since.</exception>
    public Tensor Read(string name, ScalarType? type = null)
    {
        var info = Get(name);
        using var scope = NewDisposeScope();
        // A byte other than 0 or 1 is no valid bool in native code.
        var stored = empty([.. info.Shape], dtype: info.Type == ScalarType.Bool ? ScalarType.Byte : info.Type);
        Fill(info, stored);
        if (info.Type == ScalarType.Bool)
            stored = stored.to(ScalarType.Bool);
        return (type is { } wanted ? stored.to(wanted) : stored).MoveToOuterDisposeScope();
    }

    /// <summary>Reads a tensor into another, converting type and device. Records no gradient.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="destination">Filled in place; of the stored shape.</param>
    /// <exception cref="AuditException">There is none of this name and shape, or the file has changed.</exception>
    public void CopyTo(string name, Tensor destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var info = Get(name);
        if (!info.Shape.SequenceEqual(destination.shape))
        {
            throw new AuditException(
                $"'{Path}' holds tensor '{name}' with shape [{string.Join(", ", info.Shape)}] where "
                    + $"[{string.Join(", ", destination.shape)}] is expected; check that weights and configuration "
                    + "belong together."
            );
        }
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var isInPlace = destination.device_type == DeviceType.CPU && destination.is_contiguous();
        if (!isInPlace || info.Type == ScalarType.Bool)
            destination.copy_(Read(name));
        else if (destination.dtype == info.Type)
            Fill(info, destination);
        else
            Convert(info, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static SafetensorsHeader ReadHeader(string path, SafeFileHandle handle)
    {
        var fileLength = RandomAccess.GetLength(handle);
        RefuseGitLfsPointer(path, handle, fileLength);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        if (fileLength < prefix.Length || !TryReadFully(handle, prefix, 0))
            throw SafetensorsHeader.Invalid(path, $"it has {fileLength} bytes, too few for a header");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.MaxLength || (long)headerLength > fileLength - prefix.Length)
            throw SafetensorsHeader.Invalid(path, FormatOf(prefix) ?? $"it claims a header of {headerLength} bytes");
        var json = new byte[(int)headerLength];
        if (!TryReadFully(handle, json, prefix.Length))
            throw SafetensorsHeader.Invalid(path, "it ends in the middle of the header");
        return SafetensorsHeader.Parse(path, json, fileLength - prefix.Length - json.Length);
    }

    // What other programs, or a site that wants a login, hand out under such a name; null for neither.
    private static string? FormatOf(ReadOnlySpan<byte> beginning)
    {
        if (beginning.StartsWith("<!"u8) || beginning.StartsWith("<html"u8))
            return "it is a web page; get the file itself, from a site that may want a login for it";
        return beginning.StartsWith("PK\u0003\u0004"u8)
            ? "it is a zip file, such as PyTorch writes; convert it to safetensors"
            : null;
    }

    private static void RefuseGitLfsPointer(string path, SafeFileHandle handle, long fileLength)
    {
        Span<byte> beginning = stackalloc byte[GitLfsPointer.Start.Length];
        var isLongEnough = fileLength >= beginning.Length && TryReadFully(handle, beginning, 0);
        if (isLongEnough && GitLfsPointer.IsAt(beginning))
            throw GitLfsPointer.Refuse(path);
    }

    // Piece by piece, so that the stored values never lie in memory as a whole.
    private void Convert(SafetensorsInfo info, Tensor destination)
    {
        const long PieceElements = 1 << 20;
        var flat = destination.view(-1);
        var count = flat.NumberOfElements;
        var buffer = empty(Math.Min(PieceElements, count), dtype: info.Type);
        for (long start = 0; start < count; start += PieceElements)
        {
            var length = Math.Min(PieceElements, count - start);
            using var stored = buffer.narrow(0, 0, length);
            using var part = flat.narrow(0, start, length);
            Fill(info, stored, start);
            part.copy_(stored);
        }
    }

    private void Fill(SafetensorsInfo info, Tensor destination, long firstElement = 0)
    {
        using var flat = destination.view(-1);
        var elementSize = destination.ElementSize;
        var offset = info.Offset + firstElement * elementSize;
        for (long start = 0; start < flat.NumberOfElements; start += SafetensorsTypes.ChunkElements)
        {
            using var part = flat.narrow(
                0,
                start,
                Math.Min(SafetensorsTypes.ChunkElements, flat.NumberOfElements - start)
            );
            if (!TryReadFully(_handle, part.bytes, offset + start * elementSize))
                throw SafetensorsHeader.Invalid(Path, $"it ends in the middle of tensor '{info.Name}'");
        }
    }

    private static bool TryReadFully(SafeFileHandle handle, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
                return false;
            destination = destination[read..];
            offset += read;
        }
        return true;
    }
}
