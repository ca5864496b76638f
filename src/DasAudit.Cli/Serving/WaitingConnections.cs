using System.Net.Sockets;

namespace DasAudit.Cli.Serving;

/// <summary>
/// Connections that have not yet said what they want. The oldest is closed where there are too many, so that clients
/// that say nothing keep nobody else out.
/// </summary>
internal sealed class WaitingConnections(int most)
{
    private readonly LinkedList<Socket> _sockets = [];
    private readonly Lock _lock = new();

    public LinkedListNode<Socket> Add(Socket socket)
    {
        lock (_lock)
        {
            if (_sockets.Count >= most)
            {
                _sockets.First!.Value.Dispose();
                _sockets.RemoveFirst();
            }

            return _sockets.AddLast(socket);
        }
    }

    public void Remove(LinkedListNode<Socket> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
                _sockets.Remove(place);
        }
    }
}
