using System.Runtime.InteropServices;

namespace DasAudit.Core.Numerics;

/// <summary>Native memory that begins at a cache line, so that no register or bucket straddles two.</summary>
internal sealed unsafe class AlignedMemory<T> : IDisposable
    where T : unmanaged
{
    private const nuint CacheLine = 64;

    /// <param name="count">How many values it holds.</param>
    /// <param name="zeroed">Whether they are zeros at first, and not what the memory happened to hold.</param>
    public AlignedMemory(long count, bool zeroed)
    {
        var bytes = (nuint)count * (nuint)sizeof(T);
        Start = (T*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        if (zeroed)
            NativeMemory.Clear(Start, bytes);
    }

    /// <summary>The first value; null once disposed.</summary>
    public T* Start { get; private set; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
