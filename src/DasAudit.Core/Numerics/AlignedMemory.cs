using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DasAudit.Core.Numerics;

/// <summary>Memory that begins at a cache line, so that no register or bucket straddles two.</summary>
internal sealed unsafe class AlignedMemory<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;

    private readonly T[]? _array;

    /// <param name="zeroed">Whether they are zeros at first, and not what the memory happened to hold.</param>
    public AlignedMemory(long count, bool zeroed)
    {
        if (!zeroed)
        {
            Start = (T*)NativeMemory.AlignedAlloc((nuint)count * (nuint)sizeof(T), CacheLine);
            return;
        }

        // The collector has zeroed memory from earlier calls; the system would map it anew, page by page.
        _array = GC.AllocateArray<T>(checked((int)count + CacheLine / sizeof(T)), pinned: true);
        Start = (T*)(((nint)Unsafe.AsPointer(ref _array[0]) + CacheLine - 1) & -CacheLine);
    }

    /// <summary>The first value; null once disposed.</summary>
    public T* Start { get; private set; }

    public void Dispose()
    {
        if (_array is null)
            NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
