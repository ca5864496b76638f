namespace DasAudit.Core.Numerics;

/// <summary>The pixels under a block of positions: registers of channels one after the other.</summary>
/// <remarks>
/// <see cref="TileKernel"/> reads a plane of pixels for each register of channels, with the padding, and with zeros
/// where the last register lacks channels. Benchmark: <c>gradients</c>.
/// </remarks>
internal sealed unsafe class PixelPlanes<T> : IDisposable
    where T : struct, ILanes<T>
{
    private readonly ConvolutionGeometry _geometry;
    private readonly (int Height, int Width, int Channels) _picture;
    private readonly int _columns;
    private readonly int _plane;
    private readonly int _count;
    private readonly AlignedMemory<float> _memory;

    /// <param name="block">Most rows and columns of positions in a block.</param>
    public PixelPlanes(
        ConvolutionGeometry geometry,
        (int Height, int Width, int Channels) picture,
        (int Rows, int Columns) block
    )
    {
        _geometry = geometry;
        _picture = picture;
        _columns = (block.Columns - 1) * geometry.Stride.X + (geometry.Kernel.X - 1) * geometry.Dilation.X + 1;
        _plane = PixelRows(block.Rows) * _columns * T.Count;
        _count = Units.Count(picture.Channels, T.Count);
        _memory = new((long)_count * _plane, zeroed: false);
    }

    /// <summary>Number of streams: for each register of channels, one for each value of the kernel.</summary>
    public int Tiles => _count * _geometry.KernelLength;

    /// <summary>Numbers in the result of one value: kernel height · kernel width · channels.</summary>
    public int ResultLength => _geometry.KernelLength * _picture.Channels;

    /// <summary>Numbers from a position to the next.</summary>
    public int Step => _geometry.Stride.X * T.Count;

    /// <summary>Numbers from a row of positions to the next.</summary>
    public int RowStep => _geometry.Stride.Y * _columns * T.Count;

    public Stream Tile(int index)
    {
        var (plane, place) = Math.DivRem(index, _geometry.KernelLength);
        var (y, x) = Math.DivRem(place, _geometry.Kernel.X);
        var pixel = y * _geometry.Dilation.Y * _columns + x * _geometry.Dilation.X;
        return new(
            _memory.Start + (long)plane * _plane + pixel * T.Count,
            place * _picture.Channels + plane * T.Count,
            Channels(plane)
        );
    }

    /// <summary>Copies what a block of positions sees of a picture, channels last.</summary>
    public void Pack(float* pixels, int top, int left, int rows)
    {
        var firstX = left * _geometry.Stride.X - _geometry.Before.X;
        var firstY = top * _geometry.Stride.Y - _geometry.Before.Y;
        var from = Math.Max(0, firstX);
        var to = Math.Min(_picture.Width, firstX + _columns);
        for (var row = 0; row < PixelRows(rows); row++)
        {
            var y = firstY + row;
            var isInside = y >= 0 && y < _picture.Height && from < to;
            for (var plane = 0; plane < _count; plane++)
            {
                var target = _memory.Start + (long)plane * _plane + row * _columns * T.Count;
                var channels = Channels(plane);
                if (!isInside || from > firstX || to < firstX + _columns || channels < T.Count)
                    new Span<float>(target, _columns * T.Count).Clear();
                if (isInside)
                    Copy(
                        pixels + ((long)y * _picture.Width + from) * _picture.Channels + plane * T.Count,
                        target + (from - firstX) * T.Count,
                        to - from,
                        channels
                    );
            }
        }
    }

    public void Dispose() => _memory.Dispose();

    private void Copy(float* source, float* target, int count, int channels)
    {
        for (var end = target + count * T.Count; target < end; target += T.Count, source += _picture.Channels)
        {
            if (channels == T.Count)
                T.Load(source).Store(target);
            else
                new Span<float>(source, channels).CopyTo(new Span<float>(target, channels));
        }
    }

    private int Channels(int plane) => Math.Min(T.Count, _picture.Channels - plane * T.Count);

    private int PixelRows(int rows) =>
        (rows - 1) * _geometry.Stride.Y + (_geometry.Kernel.Y - 1) * _geometry.Dilation.Y + 1;

    /// <summary>Where a stream begins, where its result lies, and how many of its channels are real.</summary>
    internal readonly struct Stream(float* source, int result, int channels)
    {
        public readonly float* Source = source;
        public readonly int Result = result;
        public readonly int Channels = channels;
    }
}
