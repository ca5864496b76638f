using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>Reads pictures ahead while the device computes, and encodes them one after the other.</summary>
internal sealed class PictureQueue(IDiffusionModel model, IReadOnlyList<ModelPicture> pictures) : IDisposable
{
    private const int Ahead = 8;

    private readonly Queue<Task<float[]?>> _reading = new();
    private int _next;

    /// <summary>The next picture, which the caller disposes; null after the last.</summary>
    /// <exception cref="AuditException">It cannot be read.</exception>
    public QueuedPicture? Next()
    {
        while (_reading.Count < Ahead && _next + _reading.Count < pictures.Count)
        {
            var picture = pictures[_next + _reading.Count];
            _reading.Enqueue(Task.Run(() => picture.Trajectory is null ? picture.Read() : null));
        }
        if (!_reading.TryDequeue(out var reading))
            return null;
        var values = reading.GetAwaiter().GetResult();
        using var scope = NewDisposeScope();
        var index = _next++;
        var encoded = PictureBatches.Encode(model, pictures[index], values).Detached();
        return new(index, pictures[index].Name, values ?? [], encoded);
    }

    /// <summary>Waits for what is being read, so that nothing reads on behind the caller's back.</summary>
    public void Dispose()
    {
        foreach (var reading in _reading)
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        _reading.Clear();
    }
}
